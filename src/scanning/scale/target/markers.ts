/** Cells along a marker's side: a black border of one cell around 4 x 4 cells that are its code. */
export const MARKER_CELLS = 6;
const CODE_CELLS = 4;

/**
 * Our own codes of 4 x 4 cells, row by row, 1 for white. However they are turned, two of them differ in at least 6 of 16
 * cells, and each from itself turned as well (a test holds them to it), so that one misread cell harms nothing. They were
 * drawn by chance, with 7 to 9 white cells.
 */
export const MARKER_CODES: readonly number[] = [0x1cca, 0xa9e8, 0x6c5d, 0xc2ec, 0x6b72, 0x6135, 0x509f, 0x2d2b];

/** What is read from 16 cells: which marker, and by how many quarter turns clockwise it lies. */
export interface ReadMarker {
  id: number;
  turns: number;
}

/** @param bits 16 cells, row by row, 1 for white @returns undefined where they are no marker's, one wrong cell allowed for */
export function readMarker(bits: number): ReadMarker | undefined {
  for (const [id, code] of MARKER_CODES.entries()) {
    let turned = code;
    for (let turns = 0; turns < 4; turns++) {
      if (distance(turned, bits) <= 1) return {id, turns};
      turned = turnedClockwise(turned);
    }
  }
  return undefined;
}

/** Whether a cell of a marker is white; the border is black. */
export function isWhiteCell(id: number, row: number, column: number): boolean {
  if (Math.min(row, column) < 1 || Math.max(row, column) > CODE_CELLS) return false;
  return ((MARKER_CODES[id] >> (15 - (row - 1) * CODE_CELLS - (column - 1))) & 1) === 1;
}

/** In how many of 16 cells two codes differ. */
export function distance(one: number, other: number): number {
  let count = 0;
  for (let bits = one ^ other; bits > 0; bits &= bits - 1) count++;
  return count;
}

/** The code as it is seen after a quarter turn clockwise. */
export function turnedClockwise(code: number): number {
  let turned = 0;
  for (let row = 0; row < CODE_CELLS; row++)
    for (let column = 0; column < CODE_CELLS; column++) {
      const from = (CODE_CELLS - 1 - column) * CODE_CELLS + row;
      turned = (turned << 1) | ((code >> (15 - from)) & 1);
    }
  return turned;
}
