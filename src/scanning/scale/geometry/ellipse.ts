import {NormalEquations} from '../../measures/linear-system.ts';
import type {Point} from '../../types.ts';

/** An ellipse with its half axes, `a` the longer one; `angle` in radians of the longer one from the x axis towards y. */
export interface Ellipse {
  x: number;
  y: number;
  a: number;
  b: number;
  angle: number;
}

/**
 * The ellipse nearest to points of which some may not belong to it. The conic A x x + B x y + C y y + D x + E y + F = 0 with
 * A + C = 1 is fitted by least squares; points are then weighed by the gradient at them, which makes distances of what is
 * fitted (Sampson), and by Tukey's biweight of their distance, which leaves out those far off.
 *
 * @param spread no point is left out that is nearer than this, in pixels
 * @param passes of reweighting; the weights hardly change after a few
 * @returns undefined where the points tell no ellipse
 */
export function fitEllipse(points: readonly Point[], spread: number, passes = 8): Ellipse | undefined {
  if (points.length < 6) return undefined;
  const x0 = points.reduce((sum, [x]) => sum + x, 0) / points.length;
  const y0 = points.reduce((sum, [, y]) => sum + y, 0) / points.length;
  const unit = points.reduce((sum, [x, y]) => sum + Math.hypot(x - x0, y - y0), 0) / points.length;
  if (!(unit > 0)) return undefined;
  const weights = new Float64Array(points.length).fill(1);
  const distances = new Float64Array(points.length);
  let conic: Float64Array | undefined;
  for (let pass = 0; pass < passes; pass++) {
    const equations = new NormalEquations(5);
    for (const [i, point] of points.entries()) {
      const [x, y] = [(point[0] - x0) / unit, (point[1] - y0) / unit];
      equations.add([x * x - y * y, x * y, x, y, 1], -y * y, weights[i]);
    }
    conic = equations.solve();
    if (!conic) return undefined;
    const [A, B, D, E, F] = conic;
    const C = 1 - A;
    const gradients = points.map((point, i) => {
      const [x, y] = [(point[0] - x0) / unit, (point[1] - y0) / unit];
      const gradient = Math.hypot(2 * A * x + B * y + D, B * x + 2 * C * y + E) || 1e-9;
      distances[i] = ((A * x * x + B * x * y + C * y * y + D * x + E * y + F) / gradient) * unit;
      return gradient;
    });
    const limit = Math.max(spread, 4 * 1.4826 * median(distances.map(Math.abs)));
    for (let i = 0; i < points.length; i++) {
      const share = distances[i] / limit;
      weights[i] = Math.abs(share) < 1 ? (1 - share * share) ** 2 / gradients[i] ** 2 : 0;
    }
  }
  const ellipse = conic && ellipseOf(conic);
  return (
    ellipse && {
      x: ellipse.x * unit + x0,
      y: ellipse.y * unit + y0,
      a: ellipse.a * unit,
      b: ellipse.b * unit,
      angle: ellipse.angle,
    }
  );
}

/** Center and axes of A x x + B x y + (1 - A) y y + D x + E y + F = 0. */
function ellipseOf([A, B, D, E, F]: Float64Array): Ellipse | undefined {
  const C = 1 - A;
  const determinant = 4 * A * C - B * B;
  if (!(determinant > 0)) return undefined;
  const x = (B * E - 2 * C * D) / determinant;
  const y = (B * D - 2 * A * E) / determinant;
  const level = -(A * x * x + B * x * y + C * y * y + D * x + E * y + F);
  const root = Math.hypot(A - C, B);
  const [small, large] = [(A + C - root) / 2, (A + C + root) / 2];
  if (!(small > 0) || !(level > 0)) return undefined;
  // The long axis is where the form grows least.
  return {x, y, a: Math.sqrt(level / small), b: Math.sqrt(level / large), angle: Math.atan2(-B, C - A) / 2};
}

/** The point of an ellipse in a direction from its center, by the parameter t in radians. */
export function pointOfEllipse({x, y, a, b, angle}: Ellipse, t: number): Point {
  const [u, v] = [a * Math.cos(t), b * Math.sin(t)];
  return [x + u * Math.cos(angle) - v * Math.sin(angle), y + u * Math.sin(angle) + v * Math.cos(angle)];
}

/** 0 at the center, 1 on the ellipse, more outside. */
export function radiusWithin({x, y, a, b, angle}: Ellipse, [px, py]: Point): number {
  const [dx, dy] = [px - x, py - y];
  const u = dx * Math.cos(angle) + dy * Math.sin(angle);
  const v = dy * Math.cos(angle) - dx * Math.sin(angle);
  return Math.hypot(u / a, v / b);
}

export function median(values: ArrayLike<number>): number {
  const sorted = Float64Array.from(values).sort();
  return sorted.length === 0 ? Number.NaN : sorted[sorted.length >> 1];
}
