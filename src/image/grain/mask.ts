import {type Kernels, LAYOUT} from '../kernels/kernels.ts';
import {RUN, type Runs} from './components.ts';
import type {SolidShape} from './shape.ts';

/** The grain's mask, in cells of step x step pixels. */
export interface GrainMask {
  /** Grid position of the first cell. */
  x: number;
  y: number;
  width: number;
  height: number;
  /** OUTSIDE, EDGE or INTERIOR for every cell. Valid until the next frame. */
  cells: Uint8Array;
  /** For each row, the first cell that is not OUTSIDE and the end (exclusive) of the last; equal if the row is empty. */
  rows: Int32Array;
  /** Side of a cell in pixels. */
  step: number;
}

export const OUTSIDE = 0;
/** Within about two pixels of the grain's outline, on either side. */
export const EDGE = 1;
export const INTERIOR = 2;

/** Width in pixels of the soft edge kept around the grain. */
const EDGE_PIXELS = 2;

/** How many cells the mask extends beyond the grain. */
function edgeCells(step: number): number {
  return Math.max(1, Math.round(EDGE_PIXELS / step));
}

/** Width in cells of the empty margin that the mask needs around a shape. */
export function marginFor(step: number): number {
  return edgeCells(step) + 2;
}

/** Classifies every cell by the square of cells around it: OUTSIDE, EDGE or INTERIOR if none, some or all are the grain's. */
export function maskOf({x, y, width, height, spans}: SolidShape, step: number, kernels: Kernels): GrainMask {
  const size = width * height;
  const shape = kernels.bytes.subarray(LAYOUT.shape, LAYOUT.shape + size + 16).fill(0);
  for (let i = 0; i < spans.length; i += RUN)
    shape.fill(1, spans[i] * width + spans[i + 1], spans[i] * width + spans[i + 2]);
  kernels.functions.classifyCells(LAYOUT.shape, width, height, edgeCells(step), LAYOUT.sums, LAYOUT.kinds);
  const cells = kernels.bytes.subarray(LAYOUT.kinds, LAYOUT.kinds + size);
  return {x, y, width, height, cells, rows: rowsOf(spans, height, edgeCells(step)), step};
}

/** The outermost cells of each row after dilation by `radius`. */
function rowsOf(spans: Runs, height: number, radius: number): Int32Array {
  const rows = new Int32Array(2 * height);
  for (let i = 0; i < spans.length; i += RUN) {
    const start = spans[i + 1] - radius;
    const end = spans[i + 2] + radius;
    for (let row = spans[i] - radius; row <= spans[i] + radius; row++) {
      const empty = rows[2 * row] === rows[2 * row + 1];
      if (empty || start < rows[2 * row]) rows[2 * row] = start;
      if (empty || end > rows[2 * row + 1]) rows[2 * row + 1] = end;
    }
  }
  return rows;
}
