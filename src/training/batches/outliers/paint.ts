import {PATCH_SCALE, type WindowSize} from '../../../image/window/canvas.ts';
import type {GrainPatch} from '../../../image/window/patch.ts';
import type {Points, Shape} from './shape.ts';
import type {Surface} from './surfaces.ts';

/**
 * Writes the window of a patch with another shape and surface: uint8 RGB, height * width * 3 bytes. Each pixel is the mean
 * of 2 x 2 canvas pixels, as everywhere; those are sampled from the patch by nearest neighbor.
 *
 * @param scale enlargement of the shape
 */
export function paint(
  patch: GrainPatch,
  size: WindowSize,
  {mappings, inside}: Shape,
  scale: number,
  surface: Surface,
  window: Uint8Array,
): void {
  const xs = centersOf(size.width);
  const ys = centersOf(size.height);
  const shapeXs = xs.map((x) => x / scale);
  const sources = {x: new Float64Array(xs.length), y: new Float64Array(xs.length)};
  const found: Found = {at: new Uint32Array(xs.length), brightest: new Uint8Array(xs.length)};
  const sums = new Float64Array(size.width * 3);
  const gains = new Float64Array(3);
  for (let row = 0; row < ys.length; row++) {
    const shapeY = ys[row] / scale;
    found.brightest.fill(0);
    for (const mapping of mappings) {
      mapping(shapeXs, shapeY, sources);
      findIn(patch, size, sources, found);
    }
    for (let column = 0; column < xs.length; column++) {
      if (found.brightest[column] === 0 || (inside && !inside(shapeXs[column], shapeY))) continue;
      surface(xs[column], ys[row], gains);
      const at = found.at[column];
      const sum = 3 * Math.floor(column / PATCH_SCALE);
      for (let c = 0; c < 3; c++) sums[sum + c] += patch.data[at + c] * gains[c];
    }
    if ((row + 1) % PATCH_SCALE !== 0) continue;
    const target = 3 * size.width * Math.floor(row / PATCH_SCALE);
    for (let i = 0; i < sums.length; i++) window[target + i] = sums[i] / 4 + 0.5;
    sums.fill(0);
  }
}

/** For each point of a row, the brightest level found (0 if black) and its position in the patch. */
interface Found {
  at: Uint32Array;
  brightest: Uint8Array;
}

/** Looks up the nearest pixels of the patch, and keeps those that are brighter than the ones found before. */
function findIn({data, x, y, width, height}: GrainPatch, size: WindowSize, sources: Points, found: Found): void {
  const right = x + width;
  const bottom = y + height;
  for (let i = 0; i < sources.x.length; i++) {
    const column = sources.x[i] + size.width;
    const row = sources.y[i] + size.height;
    if (column < x || row < y || column >= right || row >= bottom) continue;
    const at = ((Math.floor(row) - y) * width + Math.floor(column) - x) * 3;
    if (data[at + 1] <= found.brightest[i]) continue;
    found.brightest[i] = data[at + 1];
    found.at[i] = at;
  }
}

/** Centers of the canvas pixels along one side, relative to the middle of the canvas. */
function centersOf(side: number): Float64Array {
  return Float64Array.from({length: PATCH_SCALE * side}, (_, i) => i + 0.5 - side);
}
