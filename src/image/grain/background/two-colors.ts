import {meanOf, type Rgb} from './metric.ts';

/** Each part is at least this share of the whole. */
const PART_SHARE = 0.04;
/** After these the parts stand still, or nearly. */
const ROUNDS = 12;

/** Cells of a region that is of two colors, without the line between them. */
export interface Parts {
  bright: Int32Array;
  dark: Int32Array;
}

/** Splits cells by their colors into two parts, if they have two (k-means, Lloyd 1982). */
export function splitInTwo(values: Float32Array, cells: Int32Array): Parts | undefined {
  if (cells.length === 0) return undefined;
  let isBright = brighterOnes(values, cells, meanOf(values, cells));
  let parts = partsOf(cells, isBright, isBright);
  for (let round = 0; round < ROUNDS; round++) {
    if (Math.min(parts.bright.length, parts.dark.length) < PART_SHARE * cells.length) return undefined;
    const next = nearerOnes(values, cells, meanOf(values, parts.bright), meanOf(values, parts.dark));
    if (Buffer.compare(next, isBright) === 0) break;
    // Where cells still go to and fro, those that came last are in both.
    parts = partsOf(cells, next, round < ROUNDS - 1 ? next : isBright);
    isBright = next;
  }
  return parts;
}

/** 1 for each of the cells that is at least as bright as their mean. */
function brighterOnes(values: Float32Array, cells: Int32Array, mean: Rgb): Uint8Array {
  const level = mean[0] + mean[1] + mean[2];
  const brighter = new Uint8Array(cells.length);
  for (let k = 0; k < cells.length; k++) {
    const i = cells[k] * 3;
    brighter[k] = values[i] + values[i + 1] + values[i + 2] >= level ? 1 : 0;
  }
  return brighter;
}

/** 1 for each of the cells whose color is nearer to `a` than to `b`. */
function nearerOnes(values: Float32Array, cells: Int32Array, a: Rgb, b: Rgb): Uint8Array {
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

/** @param wasBright what is 0 in it is dark */
function partsOf(cells: Int32Array, isBright: Uint8Array, wasBright: Uint8Array): Parts {
  return {bright: cellsWhere(cells, isBright, 1), dark: cellsWhere(cells, wasBright, 0)};
}

function cellsWhere(cells: Int32Array, sides: Uint8Array, side: number): Int32Array {
  const found = new Int32Array(cells.length);
  let count = 0;
  for (let k = 0; k < cells.length; k++) if (sides[k] === side) found[count++] = cells[k];
  return found.subarray(0, count);
}
