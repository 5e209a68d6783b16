import {meanOf, type Rgb} from './metric.ts';

/** Least share of the whole for each part. */
const MIN_PART_SHARE = 0.04;
/** Enough for the parts to converge, or nearly. */
const ROUNDS = 12;

/** Cells of a region of two colors, without the cells between them. */
export interface Parts {
  bright: Int32Array;
  dark: Int32Array;
}

/** Splits cells by color into two clusters, if there are two (k-means, Lloyd 1982). */
export function splitInTwo(values: Float32Array, cells: Int32Array): Parts | undefined {
  if (cells.length === 0) return undefined;
  let isBright = brighterThanMean(values, cells, meanOf(values, cells));
  let parts = partsOf(cells, isBright, isBright);
  for (let round = 0; round < ROUNDS; round++) {
    if (Math.min(parts.bright.length, parts.dark.length) < MIN_PART_SHARE * cells.length) return undefined;
    const next = nearerToFirst(values, cells, meanOf(values, parts.bright), meanOf(values, parts.dark));
    if (next.every((side, k) => side === isBright[k])) break;
    // If cells still change sides in the last round, those that came last are in both parts.
    parts = partsOf(cells, next, round < ROUNDS - 1 ? next : isBright);
    isBright = next;
  }
  return parts;
}

/** 1 for each cell that is at least as bright as the mean. */
function brighterThanMean(values: Float32Array, cells: Int32Array, mean: Rgb): Uint8Array {
  const level = mean[0] + mean[1] + mean[2];
  const brighter = new Uint8Array(cells.length);
  for (let k = 0; k < cells.length; k++) {
    const i = cells[k] * 3;
    brighter[k] = values[i] + values[i + 1] + values[i + 2] >= level ? 1 : 0;
  }
  return brighter;
}

/** 1 for each cell whose color is nearer to `a` than to `b`. */
function nearerToFirst(values: Float32Array, cells: Int32Array, a: Rgb, b: Rgb): Uint8Array {
  const nearer = new Uint8Array(cells.length);
  for (let k = 0; k < cells.length; k++) {
    let difference = 0;
    for (let c = 0; c < 3; c++) {
      const toA = values[cells[k] * 3 + c] - a[c];
      const toB = values[cells[k] * 3 + c] - b[c];
      difference += toA * toA - toB * toB;
    }
    nearer[k] = difference < 0 ? 1 : 0;
  }
  return nearer;
}

/** @param wasBright its zeros are the dark cells */
function partsOf(cells: Int32Array, isBright: Uint8Array, wasBright: Uint8Array): Parts {
  return {bright: cellsWhere(cells, isBright, 1), dark: cellsWhere(cells, wasBright, 0)};
}

function cellsWhere(cells: Int32Array, sides: Uint8Array, side: number): Int32Array {
  const found = new Int32Array(cells.length);
  let count = 0;
  for (let k = 0; k < cells.length; k++) if (sides[k] === side) found[count++] = cells[k];
  return found.subarray(0, count);
}
