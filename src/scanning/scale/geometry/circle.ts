import {NormalEquations, solveLinear} from '../../measures/linear-system.ts';
import type {Point} from '../../types.ts';
import type {Ellipse} from './ellipse.ts';

/**
 * The circle on which most of the points lie that go round something, found from every three of them that span a third or two
 * thirds of the turn (a shadow may have moved the others), then fitted to all that lie on it.
 *
 * @param within how far from it a point may lie, in pixels
 */
export function fitCircle(points: readonly Point[], within: number): Ellipse | undefined {
  const n = points.length;
  let [best, most]: [Ellipse | undefined, number] = [undefined, 0];
  for (const step of [Math.floor(n / 6), Math.floor(n / 3)])
    for (let i = 0; i < n && step > 0; i += 2) {
      const circle = circleThrough([points[i], points[(i + step) % n], points[(i + 2 * step) % n]]);
      const count = circle ? pointsOn(points, circle, within).length : 0;
      if (count > most) [best, most] = [circle, count];
    }
  for (let pass = 0; best && pass < 3; pass++) best = leastSquares(pointsOn(points, best, within)) ?? best;
  return best;
}

function pointsOn(points: readonly Point[], {x, y, a}: Ellipse, within: number): Point[] {
  return points.filter(([px, py]) => Math.abs(Math.hypot(px - x, py - y) - a) < within);
}

function circleThrough(points: readonly Point[]): Ellipse | undefined {
  const [[x0, y0]] = points;
  // Relative to the first point: x x + y y + D x + E y = 0.
  const rows = points.slice(1).map(([x, y]) => Float64Array.of(x - x0, y - y0));
  const solution = solveLinear(
    rows,
    Float64Array.from(rows, ([x, y]) => -(x * x + y * y)),
  );
  if (!solution) return undefined;
  const [x, y] = [-solution[0] / 2, -solution[1] / 2];
  const radius = Math.hypot(x, y);
  return {x: x + x0, y: y + y0, a: radius, b: radius, angle: 0};
}

/** x x + y y + D x + E y + F = 0, relative to the first point. */
function leastSquares(points: readonly Point[]): Ellipse | undefined {
  if (points.length < 3) return undefined;
  const [[x0, y0]] = points;
  const equations = new NormalEquations(3);
  for (const [px, py] of points) {
    const [x, y] = [px - x0, py - y0];
    equations.add([x, y, 1], -(x * x + y * y));
  }
  const solution = equations.solve();
  if (!solution) return undefined;
  const [x, y] = [-solution[0] / 2, -solution[1] / 2];
  const radius = Math.sqrt(x * x + y * y - solution[2]);
  return radius > 0 ? {x: x + x0, y: y + y0, a: radius, b: radius, angle: 0} : undefined;
}
