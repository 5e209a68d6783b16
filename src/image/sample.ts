import type {Frame} from './frame.ts';
import {EDGE, type GrainMask, OUTSIDE} from './mask.ts';
import {type Matte, putOnBlack} from './matte.ts';

/** A rectangle of samples laid across the frame, in continuous coordinates: a pixel's middle lies at + 0.5. */
export interface Sampling {
  width: number;
  height: number;
  /** The first sample. */
  x: number;
  y: number;
  /** From one sample to the next along a row; the way to the next row is this vector turned by 90 degrees. */
  stepX: number;
  stepY: number;
}

/** Coordinates are integers with 16 bits behind the point, so that every machine computes the same pixels. */
const BITS = 16;
const ONE = 1 << BITS;
const HALF = ONE >> 1;

/** Samples the masked pixels of the frame bilinearly; all others are black. RGB interleaved, row-major. */
export function sampleGrain(frame: Frame, mask: GrainMask, matte: Matte | undefined, sampling: Sampling): Uint8Array {
  const {width, height} = sampling;
  const out = new Uint8Array(width * height * 3);
  const {data} = frame;
  const {cells} = mask;
  const stepX = Math.round(sampling.stepX * ONE);
  const stepY = Math.round(sampling.stepY * ONE);
  const columns = cellLookup(sampling.x, width * sampling.stepX, height * sampling.stepY, frame.width, mask, 'x');
  const rows = cellLookup(sampling.y, width * sampling.stepY, height * sampling.stepX, frame.height, mask, 'y');
  const {cells: columnCells, first: firstColumn} = columns;
  const {cells: rowCells, first: firstRow} = rows;
  const lastX = frame.width - 1;
  const lastY = frame.height - 1;
  const rowBytes = frame.width * 3;
  for (let row = 0; row < height; row++) {
    let u = Math.round((sampling.x - row * sampling.stepY) * ONE) | 0;
    let v = Math.round((sampling.y + row * sampling.stepX) * ONE) | 0;
    let target = row * width * 3;
    for (const end = target + width * 3; target < end; target += 3) {
      const kind = cells[rowCells[(v >> BITS) - firstRow] + columnCells[(u >> BITS) - firstColumn]];
      if (kind !== OUTSIDE) {
        const x = (u - HALF) >> BITS;
        const y = (v - HALF) >> BITS;
        const fx = ((u - HALF) >> 8) & 255;
        const fy = ((v - HALF) >> 8) & 255;
        const right = x < 0 || x >= lastX ? 0 : 3;
        const down = y < 0 || y >= lastY ? 0 : rowBytes;
        const here = Math.max(y, 0) * rowBytes + Math.max(x, 0) * 3;
        const below = here + down;
        // Twice along x and once along y, exact to the last bit: 255 * 2^16 fits into 31 bits.
        let upper = (data[here] << 8) + (data[here + right] - data[here]) * fx;
        let lower = (data[below] << 8) + (data[below + right] - data[below]) * fx;
        out[target] = ((upper << 8) + (lower - upper) * fy + HALF) >> BITS;
        upper = (data[here + 1] << 8) + (data[here + right + 1] - data[here + 1]) * fx;
        lower = (data[below + 1] << 8) + (data[below + right + 1] - data[below + 1]) * fx;
        out[target + 1] = ((upper << 8) + (lower - upper) * fy + HALF) >> BITS;
        upper = (data[here + 2] << 8) + (data[here + right + 2] - data[here + 2]) * fx;
        lower = (data[below + 2] << 8) + (data[below + right + 2] - data[below + 2]) * fx;
        out[target + 2] = ((upper << 8) + (lower - upper) * fy + HALF) >> BITS;
        if (matte !== undefined && kind === EDGE) putOnBlack(out, target, matte);
      }
      u += stepX;
      v += stepY;
    }
  }
  return out;
}

/** The part of the mask's index that a pixel's column or row stands for, for every one that the samples can hit. */
interface CellLookup {
  /** The pixel of entry 0. */
  first: number;
  cells: Int32Array;
}

/** Pixels beyond the frame or the mask stand for the mask's first column or row, which is empty. */
function cellLookup(
  start: number,
  way: number,
  otherWay: number,
  pixels: number,
  mask: GrainMask,
  axis: 'x' | 'y',
): CellLookup {
  const reach = Math.abs(way) + Math.abs(otherWay) + 2;
  const first = Math.floor(start - reach);
  const cells = new Int32Array(Math.ceil(2 * reach) + 2);
  const {step} = mask;
  const from = axis === 'x' ? mask.x : mask.y;
  const count = axis === 'x' ? mask.width : mask.height;
  const scale = axis === 'x' ? 1 : mask.width;
  const end = Math.min(pixels, (from + count) * step);
  for (let pixel = Math.max(0, from * step, first); pixel < end && pixel - first < cells.length; pixel++)
    cells[pixel - first] = (Math.floor(pixel / step) - from) * scale;
  return {first, cells};
}
