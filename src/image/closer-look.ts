import type {Frame} from './frame.ts';
import {type FoundGrain, findGrain} from './grain.ts';
import {reduceFrame, reductionFactor} from './reduce.ts';

/** A grain in a part of the picture that was reduced less. */
export interface CloserLook {
  grain: FoundGrain;
  /** The part, reduced. */
  frame: Frame;
  /** By what. */
  factor: number;
  /** Where the part begins in the picture. */
  left: number;
  top: number;
}

/** Half the side of the part that is looked at, in lengths of the grain: enough ground around it to tell them apart. */
const REACH = 1.25;
/** The grain seen closer has at least this share of the area that it was found with, or at most its reciprocal. */
const SAME_AREA = 0.6;

/**
 * Finds a small grain of a large picture again in its surroundings alone, which need not be reduced as much. Undefined where
 * that is not finer, or where something else is found there; the grain's mask is then no longer valid.
 *
 * @param picture of full size
 * @param grain found in the picture reduced by `factor`
 */
export function lookCloser(picture: Frame, grain: FoundGrain, factor: number): CloserLook | undefined {
  const half = REACH * grain.length * factor;
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
  const area = (again.area * finer * finer) / (grain.area * factor * factor);
  const [dx, dy] = [left + again.x * finer - x, top + again.y * finer - y];
  const nearby = (grain.width * factor) / 2;
  if (area < SAME_AREA || area > 1 / SAME_AREA || dx * dx + dy * dy > nearby * nearby) return undefined;
  return {grain: again, frame, factor: finer, left, top};
}

function cut(picture: Frame, left: number, top: number, width: number, height: number): Frame {
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    const from = ((top + y) * picture.width + left) * 3;
    data.set(picture.data.subarray(from, from + width * 3), y * width * 3);
  }
  return {width, height, data};
}
