import type {Frame} from '../frame.ts';
import {reduceFrame, reductionFactor} from '../resize/reduce.ts';
import {type FoundGrain, findGrain, findSpeck} from './find-grain.ts';

/** A grain found refined in a part of the picture at a finer scale. */
export interface RefinedDetection {
  grain: FoundGrain;
  /** The part, reduced. */
  frame: Frame;
  /** The reduction factor. */
  factor: number;
  /** Top left corner of the part in the picture. */
  left: number;
  top: number;
}

/** Half the side of the part, in lengths of the grain: enough background to segment it. */
const REACH = 1.25;
/** The same at least, in pixels of the reduced picture: a speck may be only a part of the grain. */
const MIN_REACH = 16;
/** The refined area is at least this share of the first one, and at most its reciprocal. */
const SAME_AREA = 0.6;
/** Possible error of the first outline, in cells on each side. */
const BLUR = 1.5;
/** Least length of a grain in pixels of the picture: even enlarged, a shorter one shows too little. */
const MIN_LENGTH = 48;

/**
 * Finds a small grain of a large picture refined in its surroundings, which need less reduction. Undefined if that is not
 * finer, or if something else is found there. The mask of `grain` may be invalid afterwards.
 *
 * @param picture at full size
 * @param grain found in the picture reduced by `factor`
 */
export function refineDetection(picture: Frame, grain: FoundGrain, factor: number): RefinedDetection | undefined {
  const half = Math.max(REACH * grain.length, MIN_REACH) * factor;
  const [x, y] = [grain.x * factor, grain.y * factor];
  const left = Math.max(0, Math.floor(x - half));
  const top = Math.max(0, Math.floor(y - half));
  const width = Math.min(picture.width, Math.ceil(x + half)) - left;
  const height = Math.min(picture.height, Math.ceil(y + half)) - top;
  const finer = reductionFactor(width, height);
  if (finer >= factor) return undefined;
  const frame = reduceFrame(crop(picture, left, top, width, height), finer);
  const refined = findGrain(frame);
  if (!refined) return undefined;
  const area = (refined.area * finer * finer) / (factor * factor);
  const blur = BLUR * grain.mask.step;
  if (area < SAME_AREA * areaWithOffset(grain, -blur) || area > areaWithOffset(grain, blur) / SAME_AREA)
    return undefined;
  const [dx, dy] = [left + refined.x * finer - x, top + refined.y * finer - y];
  const nearby = Math.max(grain.width / 2, blur) * factor;
  if (dx * dx + dy * dy > nearby * nearby) return undefined;
  return {grain: refined, frame, factor: finer, left, top};
}

/**
 * Finds a grain that is too small to be detected in the reduced picture; undefined if there is none.
 *
 * @param picture at full size
 * @param reduced the picture reduced by `factor`
 */
export function findSmall(
  picture: Frame,
  reduced: Frame,
  factor: number,
): (RefinedDetection & {objects: number}) | undefined {
  const speck = factor > 1 ? findSpeck(reduced) : undefined;
  const refined = speck && refineDetection(picture, speck, factor);
  if (!speck || !refined || refined.grain.length * refined.factor < MIN_LENGTH) return undefined;
  return {...refined, objects: Math.max(1, speck.objects)};
}

/** The area of a grain whose outline is moved outwards by `blur`. */
function areaWithOffset({area, length, width}: FoundGrain, blur: number): number {
  return (area * Math.max(0, length + 2 * blur) * Math.max(0, width + 2 * blur)) / (length * width);
}

/** A part of a picture. */
export function crop(picture: Frame, left: number, top: number, width: number, height: number): Frame {
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    const from = ((top + y) * picture.width + left) * 3;
    data.set(picture.data.subarray(from, from + width * 3), y * width * 3);
  }
  return {width, height, data};
}
