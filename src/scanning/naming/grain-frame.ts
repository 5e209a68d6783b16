import type {Frame} from '../../image/frame.ts';
import {coverageOf} from '../outlines/coverage.ts';
import type {Outline} from '../types.ts';

/** Pixels beyond the outline that belong to the grain's soft edge. */
const MARGIN = 2;

/** A grain cut out of a picture: its pixels as they are on black, in the box that it covers. */
export interface CutGrain {
  width: number;
  height: number;
  /** RGB interleaved. */
  data: Uint8Array;
}

/**
 * A grain alone on black in the middle of a square picture, at the scale of the photograph: what the classifier is used to.
 *
 * @param outline in pixels of `picture`
 * @param side of the square in pixels; what does not fit is cut off
 */
export function grainFrame(picture: Frame, outline: Outline, side: number): Frame {
  return framed(cutGrain(picture, outline), side);
}

/** Cuts out a grain. Pixels of the edge have as much of their color as the outline covers. */
export function cutGrain(picture: Frame, outline: Outline): CutGrain {
  const box = boxOf(outline, picture);
  const coverage = coverageOf(
    outline.map(([x, y]) => [x - box.left, y - box.top]),
    box.width,
    box.height,
  );
  const data = new Uint8Array(box.width * box.height * 3);
  for (let y = 0, i = 0; y < box.height; y++)
    for (let x = 0; x < box.width; x++, i++) {
      const share = coverage[i];
      if (share === 0) continue;
      const from = ((box.top + y) * picture.width + box.left + x) * 3;
      for (let c = 0; c < 3; c++) data[i * 3 + c] = share * picture.data[from + c] + 0.5;
    }
  return {width: box.width, height: box.height, data};
}

/** A grain in the middle of a black square; what does not fit is cut off. */
export function framed({width, height, data: own}: CutGrain, side: number): Frame {
  const data = new Uint8Array(side * side * 3);
  const shiftX = Math.floor((side - width) / 2);
  const shiftY = Math.floor((side - height) / 2);
  const left = Math.max(0, -shiftX);
  const right = Math.min(width, side - shiftX);
  for (let y = Math.max(0, -shiftY); y < height && y + shiftY < side; y++)
    data.set(own.subarray((y * width + left) * 3, (y * width + right) * 3), ((y + shiftY) * side + left + shiftX) * 3);
  return {width: side, height: side, data};
}

/** The whole pixels that an outline touches, with a margin, within the picture. */
export function boxOf(outline: Outline, {width, height}: {width: number; height: number}, margin = MARGIN) {
  let [left, top, right, bottom] = [width, height, 0, 0];
  for (const [x, y] of outline) {
    left = Math.min(left, x);
    top = Math.min(top, y);
    right = Math.max(right, x);
    bottom = Math.max(bottom, y);
  }
  left = Math.max(0, Math.floor(left) - margin);
  top = Math.max(0, Math.floor(top) - margin);
  right = Math.min(width, Math.ceil(right) + margin);
  bottom = Math.min(height, Math.ceil(bottom) + margin);
  return {left, top, width: Math.max(1, right - left), height: Math.max(1, bottom - top)};
}
