import type {Frame} from '../../image/frame.ts';
import {coverageOf} from '../outlines/coverage.ts';
import type {Outline} from '../types.ts';

/** Pixels beyond the outline that belong to the grain's soft edge. */
const MARGIN = 2;

/**
 * A grain alone on black in the middle of a square picture, at the scale of the photograph: what the classifier is used to.
 * Pixels of the edge have as much of their color as the outline covers.
 *
 * @param outline in pixels of `picture`
 * @param side of the square in pixels; what does not fit is cut off
 */
export function grainFrame(picture: Frame, outline: Outline, side: number): Frame {
  const data = new Uint8Array(side * side * 3);
  const box = boxOf(outline, picture);
  const coverage = coverageOf(
    outline.map(([x, y]) => [x - box.left, y - box.top]),
    box.width,
    box.height,
  );
  const shiftX = Math.floor((side - box.width) / 2);
  const shiftY = Math.floor((side - box.height) / 2);
  for (let y = Math.max(0, -shiftY); y < box.height && y + shiftY < side; y++)
    for (let x = Math.max(0, -shiftX); x < box.width && x + shiftX < side; x++) {
      const share = coverage[y * box.width + x];
      if (share === 0) continue;
      const from = ((box.top + y) * picture.width + box.left + x) * 3;
      const to = ((y + shiftY) * side + x + shiftX) * 3;
      data[to] = share * picture.data[from] + 0.5;
      data[to + 1] = share * picture.data[from + 1] + 0.5;
      data[to + 2] = share * picture.data[from + 2] + 0.5;
    }
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
