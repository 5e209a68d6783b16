import type {WindowSize} from '../../image/window/canvas.ts';

/** Each cell is the mean of so many pixels along each side of the window. */
const CELL = 4;
export const CELLS: WindowSize = {width: 30, height: 14};
export const FINGERPRINT_BYTES = CELLS.width * CELLS.height;

/**
 * A small gray picture of the grain, 30 x 14 levels. The grain lies level in its window at the picture's own scale, so a
 * copy that was turned, resized or saved anew has the same, perhaps mirrored (see `differenceOf`).
 *
 * @param window RGB interleaved, 120 x 56
 */
export function fingerprintOf(window: Uint8Array, {width}: WindowSize): Uint8Array {
  const cells = new Uint8Array(FINGERPRINT_BYTES);
  for (let y = 0; y < CELLS.height; y++)
    for (let x = 0; x < CELLS.width; x++) {
      let sum = 0;
      for (let row = y * CELL; row < (y + 1) * CELL; row++)
        for (let i = (row * width + x * CELL) * 3; i < (row * width + (x + 1) * CELL) * 3; i++) sum += window[i];
      cells[y * CELLS.width + x] = Math.round(sum / (3 * CELL * CELL));
    }
  return cells;
}

/** A fingerprint, and what tells quickly that two have nothing in common. */
export interface IndexedFingerprint {
  cells: Uint8Array;
  /** Number of cells in which there is something. */
  lit: number;
  /** Sums over the four cells that mirroring takes to each other, and over ever larger blocks of them. */
  coarse: readonly Int32Array[];
}

export function indexFingerprint(cells: Uint8Array): IndexedFingerprint {
  const halves = {width: CELLS.width / 2, height: CELLS.height / 2};
  const folded = new Int32Array(halves.width * halves.height);
  for (let y = 0; y < CELLS.height; y++)
    for (let x = 0; x < CELLS.width; x++) {
      const [column, row] = [Math.min(x, CELLS.width - 1 - x), Math.min(y, CELLS.height - 1 - y)];
      folded[row * halves.width + column] += cells[y * CELLS.width + x];
    }
  const blocks = new Int32Array(9);
  for (const [i, sum] of folded.entries()) {
    const [column, row] = [i % halves.width, Math.floor(i / halves.width)];
    blocks[Math.min(2, row >> 1) * 3 + Math.floor(column / 5)] += sum;
  }
  const lit = cells.reduce((count, level) => count + (level > 0 ? 1 : 0), 0);
  return {cells, lit, coarse: [blocks, folded]};
}

/**
 * How much two fingerprints differ: the mean absolute difference of their levels, 0 to 255, over the cells in which there is
 * something, of the best of the four ways to lay one grain on the other.
 *
 * @param limit more than this is not worth knowing exactly: then infinity
 */
export function differenceOf(a: IndexedFingerprint, b: IndexedFingerprint, limit = Number.POSITIVE_INFINITY): number {
  const lit = Math.max(1, a.lit, b.lit);
  // Sums of cells differ by no more than their cells do, however the grains lie.
  for (let i = 0; i < a.coarse.length; i++)
    if (sumOfDifferences(a.coarse[i], b.coarse[i]) > limit * lit) return Number.POSITIVE_INFINITY;
  let best = limit * lit;
  let found = false;
  for (const [across, down] of WAYS) {
    const sum = laid(a.cells, b.cells, across, down, best);
    if (sum > best) continue;
    best = sum;
    found = true;
  }
  return found ? best / lit : Number.POSITIVE_INFINITY;
}

/** Mirrored across, down: both are half a turn. */
const WAYS = [
  [false, false],
  [true, true],
  [true, false],
  [false, true],
] as const;

function sumOfDifferences(a: Int32Array, b: Int32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += Math.abs(a[i] - b[i]);
  return sum;
}

/** The sum of the differences of their cells, or something above `most`. */
function laid(a: Uint8Array, b: Uint8Array, across: boolean, down: boolean, most: number): number {
  const {width, height} = CELLS;
  let sum = 0;
  for (let y = 0; y < height && sum <= most; y++) {
    const start = (down ? height - 1 - y : y) * width;
    for (let x = 0; x < width; x++) sum += Math.abs(a[y * width + x] - b[start + (across ? width - 1 - x : x)]);
  }
  return sum;
}
