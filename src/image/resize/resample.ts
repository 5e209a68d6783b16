import type {Frame} from '../frame.ts';
import type {WindowSize} from '../window/canvas.ts';
import {type Interpolation, type Taps, tapsOf, WEIGHT_BITS} from './taps.ts';

/** A part of a picture, in pixels. */
export interface Region {
  left: number;
  top: number;
  width: number;
  height: number;
}

/** Half a level, so that dropping the fraction bits rounds to nearest. */
const HALF = 1 << (WEIGHT_BITS - 1);

/**
 * Resamples a frame to `size` with antialiasing and returns the `region` of the result; nothing else is computed, however
 * large the whole would be. The levels are those of Pillow's `Image.resize` and torchvision's `Resize` (antialias): rows
 * first, then columns, rounded to 8 bits after each.
 *
 * @returns RGB interleaved, row-major, `region.height * region.width * 3` bytes
 */
export function resampleFrame(
  frame: Frame,
  size: WindowSize,
  region: Region,
  interpolation: Interpolation,
): Uint8Array<ArrayBuffer> {
  const {left, top, width, height} = region;
  const columns = tapsOf(frame.width, size.width, left, left + width, interpolation);
  const rows = tapsOf(frame.height, size.height, top, top + height, interpolation);
  const rowBytes = width * 3;
  // A clamped array, because a cubic kernel overshoots 0..255 at edges.
  const out = new Uint8ClampedArray(rowBytes * height);
  // Ring buffer of horizontally resampled rows.
  const ring = Array.from({length: Math.min(rows.stride, frame.height)}, () => new Uint8ClampedArray(rowBytes));
  const sums = new Int32Array(rowBytes);
  let next = rows.first[0];
  for (let y = 0; y < height; y++) {
    const end = rows.first[y] + rows.count[y];
    for (; next < end; next++)
      resampleRow(frame.data, next * frame.width * 3, columns, width, ring[next % ring.length]);
    addRows(ring, rows, y, sums);
    for (let i = 0, at = y * rowBytes; i < rowBytes; i++) out[at + i] = sums[i] >> WEIGHT_BITS;
  }
  return new Uint8Array(out.buffer);
}

/** Resamples one row of the frame horizontally. */
function resampleRow(data: Uint8Array, row: number, taps: Taps, width: number, target: Uint8ClampedArray): void {
  const {first, count, weights, stride} = taps;
  for (let x = 0, at = 0; x < width; x++, at += 3) {
    let red = HALF;
    let green = HALF;
    let blue = HALF;
    let source = row + first[x] * 3;
    for (let k = x * stride, end = k + count[x]; k < end; k++, source += 3) {
      const weight = weights[k];
      red += data[source] * weight;
      green += data[source + 1] * weight;
      blue += data[source + 2] * weight;
    }
    target[at] = red >> WEIGHT_BITS;
    target[at + 1] = green >> WEIGHT_BITS;
    target[at + 2] = blue >> WEIGHT_BITS;
  }
}

/** The weighted sum of the rows that contribute to row `y` of the result. */
function addRows(ring: Uint8ClampedArray[], {first, count, weights, stride}: Taps, y: number, sums: Int32Array): void {
  sums.fill(HALF);
  for (let k = 0; k < count[y]; k++) {
    const weight = weights[y * stride + k];
    const row = ring[(first[y] + k) % ring.length];
    for (let i = 0; i < sums.length; i++) sums[i] += row[i] * weight;
  }
}
