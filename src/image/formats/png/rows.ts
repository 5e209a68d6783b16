import {corrupt} from '../bytes.ts';
import {CHANNELS, type PngHeader} from './header.ts';

/** A picture that the rows are of: the whole one, or one of the seven of an interlaced file (Adam7). */
export interface PngPass {
  /** Of the picture that its first pixel is, and steps from one to the next. */
  x: number;
  y: number;
  stepX: number;
  stepY: number;
  width: number;
  height: number;
  /** Of a row without its filter's number. */
  rowBytes: number;
}

/** Gets a row of a pass; the bytes are valid until it returns. */
export type RowTaker = (row: Uint8Array, pass: PngPass, y: number) => void;

const WHOLE = [[0, 0, 1, 1]] as const;
const ADAM7 = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const;

/** The pictures that a file holds, in their order (PNG specification, section 8.1); empty ones are left out. */
export function passesOf({width, height, bitDepth, colorType, interlaced}: PngHeader): PngPass[] {
  return (interlaced ? ADAM7 : WHOLE)
    .map(([x, y, stepX, stepY]) => ({
      ...{x, y, stepX, stepY},
      width: Math.ceil((width - x) / stepX),
      height: Math.ceil((height - y) / stepY),
      rowBytes: Math.ceil((Math.ceil((width - x) / stepX) * bitDepth * CHANNELS[colorType]) / 8),
    }))
    .filter((pass) => pass.width > 0 && pass.height > 0);
}

/**
 * Takes the decompressed bytes of a picture in portions of any length and gives its rows, their filters undone (PNG
 * specification, section 9). Two rows are in memory at a time, however large the picture is.
 */
export class PngRows {
  /** Bytes that all rows have, their filters' numbers among them. */
  readonly expected: number;
  readonly #passes: PngPass[];
  readonly #pixelBytes: number;
  readonly #take: RowTaker;
  #pass = 0;
  #y = 0;
  /** Bytes of the row that have come. */
  #filled = 0;
  #filter = 0;
  #row: Uint8Array;
  #above: Uint8Array;

  constructor(header: PngHeader, take: RowTaker) {
    this.#passes = passesOf(header);
    this.#pixelBytes = Math.ceil((header.bitDepth * CHANNELS[header.colorType]) / 8);
    this.#take = take;
    const longest = Math.max(...this.#passes.map(({rowBytes}) => rowBytes));
    this.#row = new Uint8Array(longest);
    this.#above = new Uint8Array(longest);
    this.expected = this.#passes.reduce((sum, {rowBytes, height}) => sum + (rowBytes + 1) * height, 0);
  }

  /** Whether every row has come. */
  get complete(): boolean {
    return this.#pass === this.#passes.length;
  }

  /** @throws RiceError IMAGE_CORRUPT for a filter that does not exist; what comes after the last row is ignored */
  write(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length && !this.complete; ) {
      const {rowBytes} = this.#passes[this.#pass];
      if (this.#filled === 0) {
        this.#filter = bytes[at++];
        if (this.#filter > 4) throw corrupt('PNG', `a row has filter ${this.#filter}`);
        this.#filled = 1;
      }
      const part = bytes.subarray(at, at + rowBytes + 1 - this.#filled);
      this.#row.set(part, this.#filled - 1);
      this.#filled += part.length;
      at += part.length;
      if (this.#filled === rowBytes + 1) this.#finishRow();
    }
  }

  #finishRow(): void {
    const pass = this.#passes[this.#pass];
    undo(this.#filter, this.#row, this.#above, pass.rowBytes, this.#pixelBytes);
    this.#take(this.#row, pass, this.#y);
    this.#filled = 0;
    [this.#row, this.#above] = [this.#above, this.#row];
    if (++this.#y < pass.height) return;
    this.#y = 0;
    this.#pass++;
    this.#above.fill(0);
  }
}

/** Undoes a filter in place. @param step bytes to the same byte of the pixel on the left */
function undo(filter: number, row: Uint8Array, above: Uint8Array, length: number, step: number): void {
  if (filter === 1) for (let i = step; i < length; i++) row[i] += row[i - step];
  else if (filter === 2) for (let i = 0; i < length; i++) row[i] += above[i];
  else if (filter === 3) undoAverage(row, above, length, step);
  else if (filter === 4) undoPaeth(row, above, length, step);
}

function undoAverage(row: Uint8Array, above: Uint8Array, length: number, step: number): void {
  for (let i = 0; i < Math.min(step, length); i++) row[i] += above[i] >> 1;
  for (let i = step; i < length; i++) row[i] += (row[i - step] + above[i]) >> 1;
}

/** Adds whichever of left, above and above left is nearest to left + above - above left. */
function undoPaeth(row: Uint8Array, above: Uint8Array, length: number, step: number): void {
  for (let i = 0; i < Math.min(step, length); i++) row[i] += above[i];
  for (let i = step; i < length; i++) {
    const left = row[i - step];
    const up = above[i];
    const corner = above[i - step];
    const toLeft = Math.abs(up - corner);
    const toUp = Math.abs(left - corner);
    const toCorner = Math.abs(left + up - 2 * corner);
    row[i] += toLeft <= toUp && toLeft <= toCorner ? left : toUp <= toCorner ? up : corner;
  }
}
