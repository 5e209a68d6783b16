import type {Frame} from '../../frame.ts';
import {borderOf, type CellSamples, sampleOf} from './cell-samples.ts';
import {LeastSquares, type Quadratic} from './least-squares.ts';
import {quickselect} from './quickselect.ts';

const ROUNDS = 3;
/** Largest residual of a background cell, in median residuals, and the least value of that limit in levels. */
const TOLERANCE = 3;
const MIN_TOLERANCE = 4;
/** Fewer cells do not determine a surface. */
const MIN_CELLS = 24;

/**
 * Fits a quadratic surface to each channel by least squares: first to the frame's border, then to all cells that are like
 * it. Outliers are removed and the rest is fitted again, so that grains and shadows do not bend the surface.
 *
 * @returns red, green and blue
 */
export function fitSurface(frame: Frame): Quadratic[] {
  return fitRobustly(frame, sampleOf(frame), fitRobustly(frame, borderOf(frame)));
}

/**
 * Fits the surfaces to the inliers among the samples.
 *
 * @param start initial surfaces; default: fitted to all samples
 */
function fitRobustly(frame: Frame, samples: CellSamples, start?: Quadratic[]): Quadratic[] {
  const fit = new LeastSquares(frame, samples);
  const inliers = new Uint8Array(samples.cells.length);
  let surfaces = start;
  if (!surfaces) {
    for (let sample = 0; sample < inliers.length; sample++) fit.add(sample, 1);
    inliers.fill(1);
    surfaces = fit.solve();
  }
  for (let round = 0; round < ROUNDS; round++) {
    const squares = squaredResiduals(frame, surfaces, samples);
    if (!updateInliers(fit, inliers, squares)) break;
    surfaces = fit.solve();
  }
  return surfaces;
}

/** Adds new inliers to the fit and removes those that no longer are. @returns whether there was a change */
function updateInliers(fit: LeastSquares, inliers: Uint8Array, squares: Float64Array): boolean {
  let limit = squaredLimit(squares);
  if (countUpTo(squares, limit) < MIN_CELLS) limit = Number.POSITIVE_INFINITY;
  let changed = false;
  for (let sample = 0; sample < inliers.length; sample++) {
    const near = squares[sample] <= limit ? 1 : 0;
    if (near === inliers[sample]) continue;
    fit.add(sample, near === 1 ? 1 : -1);
    inliers[sample] = near;
    changed = true;
  }
  return changed;
}

/** Square of the largest residual of an inlier. */
function squaredLimit(squares: Float64Array): number {
  const least = MIN_TOLERANCE / TOLERANCE;
  const middle = squares.length >> 1;
  // On a uniform background the least tolerance applies, so the median need not be computed.
  if (countUpTo(squares, least * least) > middle) return MIN_TOLERANCE * MIN_TOLERANCE;
  const limit = Math.max(MIN_TOLERANCE, TOLERANCE * Math.sqrt(quickselect(squares.slice(), middle)));
  return limit * limit;
}

function countUpTo(values: Float64Array, limit: number): number {
  let count = 0;
  for (let i = 0; i < values.length; i++) if (values[i] <= limit) count++;
  return count;
}

/** Squared residuals of the samples. */
function squaredResiduals({data}: Frame, [red, green, blue]: Quadratic[], {cells, x, y}: CellSamples): Float64Array {
  const squares = new Float64Array(cells.length);
  for (let sample = 0; sample < cells.length; sample++) {
    const i = cells[sample] * 3;
    const r = data[i] - levelAt(red, x[sample], y[sample]);
    const g = data[i + 1] - levelAt(green, x[sample], y[sample]);
    const b = data[i + 2] - levelAt(blue, x[sample], y[sample]);
    squares[sample] = r * r + g * g + b * b;
  }
  return squares;
}

function levelAt(surface: Quadratic, x: number, y: number): number {
  return surface[0] + (surface[1] + surface[3] * x + surface[4] * y) * x + (surface[2] + surface[5] * y) * y;
}
