import type {Frame} from '../frame.ts';

/** The ground's own colour at every cell: red, green, blue one after the other, row-major. */
export type Surface = Float32Array;

/** The coefficients of red, green and blue. */
type Shape = readonly Float64Array[];

/** 1, x, y, x x, x y, y y: enough for light from one side and for a lens that darkens the corners. */
const TERMS = 6;
/** Cells along the border that are taken for ground at first. */
const BAND = 2;
const ROUNDS = 3;
/** How many times the median residual a cell of the ground may be off, and how many levels in any case. */
const TOLERANCE = 3;
const LEAST_TOLERANCE = 4;

/**
 * Fits a quadratic surface to each channel by least squares: first to the frame's border, then to all that is like it. What
 * strays from the surface is left out and the rest fitted again, so that neither grains nor shadows bend it.
 */
export function fitSurface(cells: Frame): Surface {
  const border = borderOf(cells);
  const sample = sampleOf(cells);
  let shape = leastSquares(cells, border);
  for (let round = 0; round < 2 * ROUNDS; round++)
    shape = leastSquares(cells, nearOnes(cells, shape, round < ROUNDS ? border : sample));
  return surfaceOf(shape, cells);
}

function borderOf({width, height}: Frame): Int32Array {
  const cells: number[] = [];
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) if (Math.min(x, y, width - 1 - x, height - 1 - y) < BAND) cells.push(y * width + x);
  return Int32Array.from(cells);
}

/** Every third cell of every third row. */
function sampleOf({width, height}: Frame): Int32Array {
  const cells: number[] = [];
  for (let y = 0; y < height; y += 3) for (let x = 0; x < width; x += 3) cells.push(y * width + x);
  return Int32Array.from(cells);
}

/** Those of the candidates that are about as near to the surface as most of them. */
function nearOnes(cells: Frame, shape: Shape, candidates: Int32Array): Int32Array {
  const squares = squaresAt(cells, shape, candidates);
  const median = Math.sqrt(squares.slice().sort()[squares.length >> 1]);
  const limit = Math.max(LEAST_TOLERANCE, TOLERANCE * median);
  const near = candidates.filter((_, i) => squares[i] <= limit * limit);
  return near.length < TERMS * 4 ? candidates : near;
}

/** Squares of some cells' distances from the surface. */
function squaresAt(frame: Frame, shape: Shape, cells: Int32Array): Float64Array {
  const squares = new Float64Array(cells.length);
  const terms = new Float64Array(TERMS);
  for (let k = 0; k < cells.length; k++) {
    const cell = cells[k];
    termsAt(cell % frame.width, Math.floor(cell / frame.width), frame, terms);
    for (let c = 0; c < 3; c++) {
      const off = frame.data[cell * 3 + c] - levelOf(shape[c], terms);
      squares[k] += off * off;
    }
  }
  return squares;
}

/** A place's terms; coordinates are -1 to 1 across the frame. */
function termsAt(column: number, row: number, {width, height}: Frame, terms: Float64Array): void {
  const x = (2 * column + 1) / width - 1;
  const y = (2 * row + 1) / height - 1;
  terms[0] = 1;
  terms[1] = x;
  terms[2] = y;
  terms[3] = x * x;
  terms[4] = x * y;
  terms[5] = y * y;
}

function levelOf(coefficients: Float64Array, terms: Float64Array): number {
  let level = 0;
  for (let i = 0; i < TERMS; i++) level += coefficients[i] * terms[i];
  return level;
}

function leastSquares(frame: Frame, cells: Int32Array): Shape {
  const terms = new Float64Array(TERMS);
  const rows = Array.from({length: TERMS}, () => new Float64Array(TERMS + 3));
  for (let at = 0; at < cells.length; at++) {
    const cell = cells[at];
    termsAt(cell % frame.width, Math.floor(cell / frame.width), frame, terms);
    for (let i = 0; i < TERMS; i++) {
      const row = rows[i];
      for (let k = 0; k < TERMS; k++) row[k] += terms[i] * terms[k];
      for (let c = 0; c < 3; c++) row[TERMS + c] += terms[i] * frame.data[cell * 3 + c];
    }
  }
  // Where there are too few places for all terms, the higher ones stay near 0.
  for (let i = 0; i < TERMS; i++) rows[i][i] += 1e-6 * cells.length + 1e-9;
  return solve(rows);
}

/** Gauss's elimination of a symmetric positive definite system with three right sides. */
function solve(rows: Float64Array[]): Shape {
  for (let pivot = 0; pivot < TERMS; pivot++)
    for (let i = 0; i < TERMS; i++) {
      if (i === pivot) continue;
      const factor = rows[i][pivot] / rows[pivot][pivot];
      for (let k = pivot; k < TERMS + 3; k++) rows[i][k] -= factor * rows[pivot][k];
    }
  return [0, 1, 2].map((c) => Float64Array.from(rows, (row, i) => row[TERMS + c] / row[i]));
}

function surfaceOf(shape: Shape, frame: Frame): Surface {
  const surface = new Float32Array(frame.width * frame.height * 3);
  const terms = new Float64Array(TERMS);
  for (let y = 0, at = 0; y < frame.height; y++)
    for (let x = 0; x < frame.width; x++) {
      termsAt(x, y, frame, terms);
      for (let c = 0; c < 3; c++, at++) surface[at] = Math.max(1, Math.min(255, levelOf(shape[c], terms)));
    }
  return surface;
}
