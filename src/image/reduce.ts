import {REFERENCE_SIDE} from './canvas.ts';
import type {Frame} from './frame.ts';

/** The integer factor that brings a longer side of 500 or more into [250, 500); 1 for smaller ones. */
export function reductionFactor(width: number, height: number): number {
  return Math.max(1, Math.floor(Math.max(width, height) / REFERENCE_SIDE));
}

/**
 * Averages boxes of factor x factor pixels (rounded to nearest); boxes at the right and lower border may be cut.
 * A factor of 1 gives the frame itself.
 */
export function reduceFrame(frame: Frame, factor: number): Frame {
  if (factor === 1) return frame;
  const width = Math.ceil(frame.width / factor);
  const height = Math.ceil(frame.height / factor);
  const data = new Uint8Array(width * height * 3);
  const sums = new Float64Array(width * 3);
  for (let y = 0; y < height; y++) {
    const firstRow = y * factor;
    const lastRow = Math.min(frame.height, firstRow + factor);
    sums.fill(0);
    for (let row = firstRow; row < lastRow; row++) addRow(frame, row, factor, sums);
    for (let x = 0; x < width; x++) {
      const columns = Math.min(factor, frame.width - x * factor);
      const count = columns * (lastRow - firstRow);
      for (let c = 0; c < 3; c++) data[(y * width + x) * 3 + c] = Math.floor(sums[x * 3 + c] / count + 0.5);
    }
  }
  return {width, height, data};
}

/** Averages boxes of 2 x 2 pixels of a frame with even sides. */
export function halve({data, width, height}: Frame): Frame {
  return reduceFrame({data, width, height}, 2);
}

function addRow(frame: Frame, row: number, factor: number, sums: Float64Array): void {
  const {data, width} = frame;
  let source = row * width * 3;
  for (let start = 0, target = 0; start < width; start += factor, target += 3) {
    const end = Math.min(width, start + factor);
    let red = 0;
    let green = 0;
    let blue = 0;
    for (let x = start; x < end; x++) {
      red += data[source++];
      green += data[source++];
      blue += data[source++];
    }
    sums[target] += red;
    sums[target + 1] += green;
    sums[target + 2] += blue;
  }
}
