import type {Point} from '../../types.ts';
import {median} from './ellipse.ts';

/** A line: the points with nx x + ny y = c, where (nx, ny) has the length 1. */
export interface Line {
  nx: number;
  ny: number;
  c: number;
}

export function lineThrough([x0, y0]: Point, [x1, y1]: Point): Line {
  const length = Math.hypot(x1 - x0, y1 - y0) || 1;
  const [nx, ny] = [(y1 - y0) / length, (x0 - x1) / length];
  return {nx, ny, c: nx * x0 + ny * y0};
}

/** @returns undefined where they are parallel, or nearly */
export function intersection(first: Line, second: Line): Point | undefined {
  const determinant = first.nx * second.ny - second.nx * first.ny;
  if (Math.abs(determinant) < 1e-3) return undefined;
  return [
    (first.c * second.ny - second.c * first.ny) / determinant,
    (first.nx * second.c - second.nx * first.c) / determinant,
  ];
}

/**
 * The line nearest to points (least squares of distances), those far off left out by Tukey's biweight. It starts from the
 * median of the distances to a line that is nearly right.
 *
 * @param spread no point is left out that is nearer than this, in pixels
 */
export function fitLine(points: readonly Point[], near: Line, spread: number): Line | undefined {
  if (points.length < 2) return undefined;
  const middle = median(points.map(([x, y]) => near.nx * x + near.ny * y));
  let line: Line = {...near, c: middle};
  for (let pass = 0; pass < 10; pass++) {
    const distances = points.map(([x, y]) => line.nx * x + line.ny * y - line.c);
    const limit = Math.max(spread, 4 * 1.4826 * median(distances.map(Math.abs)));
    let [sum, x0, y0] = [0, 0, 0];
    const weights = distances.map((distance) => (Math.abs(distance) < limit ? (1 - (distance / limit) ** 2) ** 2 : 0));
    for (const [i, [x, y]] of points.entries()) {
      sum += weights[i];
      x0 += weights[i] * x;
      y0 += weights[i] * y;
    }
    if (!(sum > 0)) return undefined;
    x0 /= sum;
    y0 /= sum;
    let [xx, xy, yy] = [0, 0, 0];
    for (const [i, [x, y]] of points.entries()) {
      xx += weights[i] * (x - x0) ** 2;
      xy += weights[i] * (x - x0) * (y - y0);
      yy += weights[i] * (y - y0) ** 2;
    }
    // The normal is the direction in which the points spread least.
    const angle = Math.atan2(2 * xy, xx - yy) / 2 + Math.PI / 2;
    let [nx, ny] = [Math.cos(angle), Math.sin(angle)];
    if (nx * near.nx + ny * near.ny < 0) [nx, ny] = [-nx, -ny];
    line = {nx, ny, c: nx * x0 + ny * y0};
  }
  return line;
}
