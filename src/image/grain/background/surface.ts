import type {Frame} from '../../frame.ts';
import {borderOf, type CellSamples, sampleOf} from './cell-samples.ts';
import {LeastSquares, type Quadratic} from './least-squares.ts';
import {quickselect} from './quickselect.ts';

const ROUNDS = 3;
/** How many times the median residual a cell of the background may be off, and how many levels in any case. */
const TOLERANCE = 3;
const LEAST_TOLERANCE = 4;
/** Fewer cells than this do not tell a surface. */
const LEAST_CELLS = 24;

/**
 * Fits a quadratic surface to each channel by least squares: first to the frame's border, then to all that is like it. What
 * strays from the surface is left out and the rest fitted again, so that neither grains nor shadows bend it.
 *
 * @returns red, green and blue
 */
export function fitSurface(frame: Frame): Quadratic[] {
  return fitNear(frame, sampleOf(frame), fitNear(frame, borderOf(frame)));
}

/**
 * The surfaces through those of the places that are about as near to them as most are.
 *
 * @param start surfaces that lie about there; when left out, those through all places
 */
function fitNear(frame: Frame, places: CellSamples, start?: Quadratic[]): Quadratic[] {
  const fit = new LeastSquares(frame, places);
  const taken = new Uint8Array(places.cells.length);
  let surfaces = start;
  if (!surfaces) {
    for (let place = 0; place < taken.length; place++) fit.add(place, 1);
    taken.fill(1);
    surfaces = fit.solve();
  }
  for (let round = 0; round < ROUNDS; round++) {
    const squares = squaresAt(frame, surfaces, places);
    if (!takeNear(fit, taken, squares)) break;
    surfaces = fit.solve();
  }
  return surfaces;
}

/** Takes in what is near now, and leaves out what no longer is. @returns whether there was any */
function takeNear(fit: LeastSquares, taken: Uint8Array, squares: Float64Array): boolean {
  let limit = squareLimit(squares);
  if (countUpTo(squares, limit) < LEAST_CELLS) limit = Number.POSITIVE_INFINITY;
  let changed = false;
  for (let place = 0; place < taken.length; place++) {
    const near = squares[place] <= limit ? 1 : 0;
    if (near === taken[place]) continue;
    fit.add(place, near === 1 ? 1 : -1);
    taken[place] = near;
    changed = true;
  }
  return changed;
}

/** The square of how far a cell of the background may be off. */
function squareLimit(squares: Float64Array): number {
  const least = LEAST_TOLERANCE / TOLERANCE;
  const middle = squares.length >> 1;
  // On quiet background the median does not matter, and need not be known.
  if (countUpTo(squares, least * least) > middle) return LEAST_TOLERANCE * LEAST_TOLERANCE;
  const limit = Math.max(LEAST_TOLERANCE, TOLERANCE * Math.sqrt(quickselect(squares.slice(), middle)));
  return limit * limit;
}

function countUpTo(values: Float64Array, limit: number): number {
  let count = 0;
  for (let i = 0; i < values.length; i++) if (values[i] <= limit) count++;
  return count;
}

/** Squares of the places' distances from the surfaces. */
function squaresAt({data}: Frame, [red, green, blue]: Quadratic[], {cells, x, y}: CellSamples): Float64Array {
  const squares = new Float64Array(cells.length);
  for (let place = 0; place < cells.length; place++) {
    const i = cells[place] * 3;
    const r = data[i] - levelAt(red, x[place], y[place]);
    const g = data[i + 1] - levelAt(green, x[place], y[place]);
    const b = data[i + 2] - levelAt(blue, x[place], y[place]);
    squares[place] = r * r + g * g + b * b;
  }
  return squares;
}

function levelAt(surface: Quadratic, x: number, y: number): number {
  return surface[0] + (surface[1] + surface[3] * x + surface[4] * y) * x + (surface[2] + surface[5] * y) * y;
}
