import type {Frame} from '../frame.ts';
import {reduceFrame, reductionFactor} from '../resize/reduce.ts';
import {type FoundGrain, findGrain, findSpeck} from './find-grain.ts';

/** A grain in a part of the picture that was reduced less. */
export interface RefinedDetection {
  grain: FoundGrain;
  /** The part, reduced. */
  frame: Frame;
  /** By what. */
  factor: number;
  /** Where the part begins in the picture. */
  left: number;
  top: number;
}

/** Half the side of the part that is looked at, in lengths of the grain: enough background around it to tell them apart. */
const REACH = 1.25;
/** The same in pixels of the reduced picture at least: of a speck not all may have been seen. */
const LEAST_REACH = 16;
/** The grain seen closer has at least this share of the area that it was found with, or at most its reciprocal. */
const SAME_AREA = 0.6;
/** By so many cells on each side the outline may have been off. */
const BLUR = 1.5;
/** A speck shorter than this is none, in pixels of the picture: at twice the size it would show as little. */
const LEAST_LENGTH = 48;

/**
 * Finds a small grain of a large picture again in its surroundings alone, which need not be reduced as much. Undefined where
 * that is not finer, or where something else is found there; the grain's mask is then no longer valid.
 *
 * @param picture of full size
 * @param grain found in the picture reduced by `factor`
 */
export function refineDetection(picture: Frame, grain: FoundGrain, factor: number): RefinedDetection | undefined {
  const half = Math.max(REACH * grain.length, LEAST_REACH) * factor;
  const [x, y] = [grain.x * factor, grain.y * factor];
  const left = Math.max(0, Math.floor(x - half));
  const top = Math.max(0, Math.floor(y - half));
  const width = Math.min(picture.width, Math.ceil(x + half)) - left;
  const height = Math.min(picture.height, Math.ceil(y + half)) - top;
  const finer = reductionFactor(width, height);
  if (finer >= factor) return undefined;
  const frame = reduceFrame(cut(picture, left, top, width, height), finer);
  const again = findGrain(frame);
  if (!again) return undefined;
  const area = (again.area * finer * finer) / (factor * factor);
  const blur = BLUR * grain.mask.step;
  if (area < SAME_AREA * areaWith(grain, -blur) || area > areaWith(grain, blur) / SAME_AREA) return undefined;
  const [dx, dy] = [left + again.x * finer - x, top + again.y * finer - y];
  const nearby = Math.max(grain.width / 2, blur) * factor;
  if (dx * dx + dy * dy > nearby * nearby) return undefined;
  return {grain: again, frame, factor: finer, left, top};
}

/**
 * Finds a grain that is too small to be seen as one in the reduced picture; undefined where there is none.
 *
 * @param picture of full size
 * @param reduced the same by `factor`
 */
export function findSmall(
  picture: Frame,
  reduced: Frame,
  factor: number,
): (RefinedDetection & {objects: number}) | undefined {
  const speck = factor > 1 ? findSpeck(reduced) : undefined;
  const closer = speck && refineDetection(picture, speck, factor);
  if (!speck || !closer || closer.grain.length * closer.factor < LEAST_LENGTH) return undefined;
  return {...closer, objects: Math.max(1, speck.objects)};
}

/** The area of a grain whose outline lies so far further out. */
function areaWith({area, length, width}: FoundGrain, blur: number): number {
  return (area * Math.max(0, length + 2 * blur) * Math.max(0, width + 2 * blur)) / (length * width);
}

/** A part of a picture. */
export function cut(picture: Frame, left: number, top: number, width: number, height: number): Frame {
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    const from = ((top + y) * picture.width + left) * 3;
    data.set(picture.data.subarray(from, from + width * 3), y * width * 3);
  }
  return {width, height, data};
}
