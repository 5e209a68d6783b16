import {RUN, type Runs} from '../components.ts';
import type {SolidShape} from '../shape.ts';

/** A binary mask of cells, one bit each. A word's lowest bit is the leftmost of its 32 cells. */
export interface Mask {
  width: number;
  height: number;
  /** Words per row; the padding bits after the last cell are 0. */
  stride: number;
  words: Int32Array;
}

/** Cells per word. */
export const WORD = 32;

/** A mask with no cell set. */
export function emptyMask(width: number, height: number): Mask {
  const stride = Math.ceil(width / WORD);
  return {width, height, stride, words: new Int32Array(stride * height)};
}

/** Sets one cell. */
export function setCell({stride, words}: Mask, x: number, y: number): void {
  words[y * stride + (x >> 5)] |= 1 << x;
}

/** Whether a cell is set. */
export function hasCell({stride, words}: Mask, x: number, y: number): boolean {
  return ((words[y * stride + (x >> 5)] >>> (x & 31)) & 1) === 1;
}

/** Row-major indices of the set cells, ascending. */
export function cellsOf({width, stride, words}: Mask): Int32Array {
  const cells = new Int32Array(countBits(words));
  let count = 0;
  for (let i = 0; i < words.length; i++) {
    const row = Math.floor(i / stride);
    const first = row * width + (i - row * stride) * WORD;
    for (let rest = words[i]; rest !== 0; rest &= rest - 1) cells[count++] = first + lowestBit(rest);
  }
  return cells;
}

/** The runs of set cells, by row. */
export function runsOf({width, height, stride, words}: Mask): Runs {
  const runs: number[] = [];
  for (let y = 0; y < height; y++) {
    // The last bit of the previous word, shifted to the first bit.
    let carry = 0;
    for (let k = 0; k < stride; k++) {
      const bits = words[y * stride + k];
      for (let changes = bits ^ ((bits << 1) | carry); changes !== 0; changes &= changes - 1) {
        const bit = lowestBit(changes);
        if ((bits >>> bit) & 1) runs.push(y, k * WORD + bit);
        else runs.push(k * WORD + bit);
      }
      carry = bits >>> (WORD - 1);
    }
    if (carry === 1) runs.push(width);
  }
  return Int32Array.from(runs);
}

/** The cells of a shape, as a mask of the same size as the given one. */
export function maskOfShape({x, y, spans}: SolidShape, {width, height}: Pick<Mask, 'width' | 'height'>): Mask {
  const mask = emptyMask(width, height);
  for (let i = 0; i < spans.length; i += RUN) {
    const row = (y + spans[i]) * mask.stride;
    let at = x + spans[i + 1];
    const end = x + spans[i + 2];
    while (at < end) {
      const start = at & (WORD - 1);
      const count = Math.min(WORD - start, end - at);
      mask.words[row + (at >> 5)] |= (-1 >>> (WORD - count)) << start;
      at += count;
    }
  }
  return mask;
}

/** Number of set bits. */
function countBits(words: Int32Array): number {
  let count = 0;
  for (let i = 0; i < words.length; i++) for (let rest = words[i]; rest !== 0; rest &= rest - 1) count++;
  return count;
}

/** Index of the lowest set bit. */
function lowestBit(bits: number): number {
  return WORD - 1 - Math.clz32(bits & -bits);
}
