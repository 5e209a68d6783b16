import type {Frame} from '../frame.ts';
import {REFERENCE_SIDE} from '../window/canvas.ts';

/** The integer factor that brings a longer side of 500 or more into [250, 500); 1 for smaller ones. */
export function reductionFactor(width: number, height: number): number {
  return Math.max(1, Math.floor(Math.max(width, height) / REFERENCE_SIDE));
}

/**
 * Averages boxes of factor x factor pixels, rounded to nearest; boxes at the right and lower border may be smaller.
 * A factor of 1 returns the frame itself.
 */
export function reduceFrame(frame: Frame, factor: number): Frame {
  if (factor === 1) return frame;
  const width = Math.ceil(frame.width / factor);
  const height = Math.ceil(frame.height / factor);
  const data = new Uint8Array(width * height * 3);
  const sums = new Int32Array(width * 3);
  for (let y = 0; y < height; y++) {
    const firstRow = y * factor;
    const lastRow = Math.min(frame.height, firstRow + factor);
    sums.fill(0);
    for (let row = firstRow; row < lastRow; row++) addRow(frame, row, factor, sums);
    const full = factor * (lastRow - firstRow);
    const last = (frame.width - (width - 1) * factor) * (lastRow - firstRow);
    for (let i = 0, target = y * sums.length; i < sums.length; i++, target++) {
      const count = i < sums.length - 3 ? full : last;
      data[target] = Math.floor(sums[i] / count + 0.5);
    }
  }
  return {width, height, data};
}

/** Averages boxes of 2 x 2 pixels of a frame with even sides. */
export function halve({data, width, height}: Frame): Frame {
  return reduceFrame({data, width, height}, 2);
}

function addRow({data, width}: Frame, row: number, factor: number, sums: Int32Array): void {
  const first = row * width * 3;
  const end = first + width * 3;
  const boxBytes = factor * 3;
  for (let box = first, target = 0; box < end; box += boxBytes, target += 3) {
    const boxEnd = Math.min(end, box + boxBytes);
    let red = 0;
    let green = 0;
    let blue = 0;
    for (let i = box; i < boxEnd; i += 3) {
      red += data[i];
      green += data[i + 1];
      blue += data[i + 2];
    }
    sums[target] += red;
    sums[target + 1] += green;
    sums[target + 2] += blue;
  }
}
