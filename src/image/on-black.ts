import type {Frame} from './frame.ts';
import {type Kernels, LAYOUT} from './kernels/kernels.ts';
import {EDGE, type GrainMask, INTERIOR, OUTSIDE} from './mask.ts';

type Rgb = [red: number, green: number, blue: number];

/** How far from a cell of the edge, in cells, the colours on either side of it are looked for; then how far at most. */
const NEAR = 3;
const FAR = 6;

/**
 * Copies the frame and takes the background out of the grain's soft edge. A pixel there is `alpha * grain +
 * (1 - alpha) * background` (Porter and Duff 1984); what the grain would leave on black is the first term. Both colours
 * are those around the place, so that light from one side, texture and a shadow at the grain's foot all go.
 *
 * @param frame where the kernels have it
 * @returns where the kernels have the copy
 */
export function layOnBlack(frame: Frame, mask: GrainMask, kernels: Kernels): number {
  const {width, height} = frame;
  kernels.bytes.copyWithin(LAYOUT.onBlack, LAYOUT.frame, LAYOUT.frame + width * height * 3);
  const pixels = kernels.bytes.subarray(LAYOUT.frame, LAYOUT.frame + width * height * 3);
  const target = kernels.bytes.subarray(LAYOUT.onBlack, LAYOUT.onBlack + width * height * 3);
  const colours = cellColours({width, height, data: pixels}, mask);
  for (let row = 0; row < mask.height; row++)
    for (let column = 0; column < mask.width; column++) {
      if (mask.cells[row * mask.width + column] !== EDGE) continue;
      const grain = colourAround(mask, colours, column, row, INTERIOR);
      const ground = colourAround(mask, colours, column, row, OUTSIDE);
      if (grain && ground) layCell(target, frame, mask, column, row, grain, ground);
    }
  return LAYOUT.onBlack;
}

function layCell(
  target: Uint8Array,
  {width, height}: Frame,
  mask: GrainMask,
  column: number,
  row: number,
  grain: Rgb,
  ground: Rgb,
): void {
  const way: Rgb = [grain[0] - ground[0], grain[1] - ground[1], grain[2] - ground[2]];
  const length = way[0] * way[0] + way[1] * way[1] + way[2] * way[2];
  const [left, top] = [(mask.x + column) * mask.step, (mask.y + row) * mask.step];
  for (let y = Math.max(0, top); y < Math.min(height, top + mask.step); y++)
    for (let x = Math.max(0, left); x < Math.min(width, left + mask.step); x++) {
      const i = (y * width + x) * 3;
      let along = 0;
      for (let c = 0; c < 3; c++) along += (target[i + c] - ground[c]) * way[c];
      const rest = 1 - Math.max(0, along) / Math.max(1, length);
      if (rest <= 0) continue;
      for (let c = 0; c < 3; c++)
        target[i + c] = rest >= 1 ? 0 : Math.max(0, Math.min(255, Math.floor(target[i + c] - rest * ground[c] + 0.5)));
    }
}

/** Mean colour of each of the mask's cells; those beyond the frame have none. */
function cellColours({width, height, data}: Frame, mask: GrainMask): Float32Array {
  const colours = new Float32Array(mask.width * mask.height * 3).fill(Number.NaN);
  for (let row = 0; row < mask.height; row++)
    for (let column = 0; column < mask.width; column++) {
      const [left, top] = [(mask.x + column) * mask.step, (mask.y + row) * mask.step];
      if (left < 0 || top < 0 || left + mask.step > width || top + mask.step > height) continue;
      for (let c = 0; c < 3; c++) {
        let sum = 0;
        for (let y = top; y < top + mask.step; y++)
          for (let x = left; x < left + mask.step; x++) sum += data[(y * width + x) * 3 + c];
        colours[(row * mask.width + column) * 3 + c] = sum / (mask.step * mask.step);
      }
    }
  return colours;
}

/** Mean colour of the cells of one kind around a place; undefined where there are none near. */
function colourAround(
  mask: GrainMask,
  colours: Float32Array,
  column: number,
  row: number,
  kind: number,
): Rgb | undefined {
  for (const reach of [NEAR, FAR]) {
    const sums: Rgb = [0, 0, 0];
    let count = 0;
    for (let y = Math.max(0, row - reach); y <= Math.min(mask.height - 1, row + reach); y++)
      for (let x = Math.max(0, column - reach); x <= Math.min(mask.width - 1, column + reach); x++) {
        const cell = y * mask.width + x;
        if (mask.cells[cell] !== kind || Number.isNaN(colours[cell * 3])) continue;
        for (let c = 0; c < 3; c++) sums[c] += colours[cell * 3 + c];
        count++;
      }
    if (count > 0) return [sums[0] / count, sums[1] / count, sums[2] / count];
  }
  return undefined;
}
