import {NormalEquations} from '../../measures/linear-system.ts';
import type {Homography, Point} from '../../types.ts';

/** A point, and where it is in the other plane. */
export type PointPair = readonly [from: Point, to: Point];

/** Where a plane transform takes a point. */
export function applyHomography(h: Homography, [x, y]: Point): Point {
  const w = h[6] * x + h[7] * y + h[8];
  return [(h[0] * x + h[1] * y + h[2]) / w, (h[3] * x + h[4] * y + h[5]) / w];
}

/** The transform that does `first`, then `second`. */
export function composeHomographies(first: Homography, second: Homography): Homography {
  const product = Array.from({length: 9}, (_, i) => {
    const [row, column] = [Math.floor(i / 3) * 3, i % 3];
    return second[row] * first[column] + second[row + 1] * first[column + 3] + second[row + 2] * first[column + 6];
  });
  return normalized(product);
}

/** The transform back: the adjugate, which is the inverse up to a factor that does not matter here. */
export function invertHomography([a, b, c, d, e, f, g, h, i]: Homography): Homography {
  return normalized([
    e * i - f * h,
    c * h - b * i,
    b * f - c * e,
    f * g - d * i,
    a * i - c * g,
    c * d - a * f,
    d * h - e * g,
    b * g - a * h,
    a * e - b * d,
  ]);
}

/**
 * The transform that takes the first points of four or more pairs nearest to the second ones, by the normalized direct linear
 * transform (Hartley and Zisserman, Multiple View Geometry, 2nd edition, algorithm 4.2), solved twice: the second time with
 * every equation divided by its denominator, so that distances in the second plane are what is made small.
 *
 * @returns undefined where the points lie on a line or are too few
 */
export function fitHomography(pairs: readonly PointPair[]): Homography | undefined {
  if (pairs.length < 4) return undefined;
  const [from, to] = [normalizer(pairs.map(([point]) => point)), normalizer(pairs.map(([, point]) => point))];
  if (!from || !to) return undefined;
  let fitted: Homography | undefined;
  for (let pass = 0; pass < 2; pass++) {
    const equations = new NormalEquations(8);
    for (const [source, target] of pairs) {
      const [x, y] = applyHomography(from, source);
      const [u, v] = applyHomography(to, target);
      const w: number = fitted ? fitted[6] * x + fitted[7] * y + 1 : 1;
      equations.add([x, y, 1, 0, 0, 0, -u * x, -u * y], u, 1 / (w * w));
      equations.add([0, 0, 0, x, y, 1, -v * x, -v * y], v, 1 / (w * w));
    }
    const solution = equations.solve();
    if (!solution) return undefined;
    fitted = [...solution, 1] as unknown as Homography;
  }
  return fitted && composeHomographies(composeHomographies(from, fitted), invertHomography(to));
}

/** How points a little apart are moved apart: [du/dx, du/dy, dv/dx, dv/dy]. */
export function jacobianAt(h: Homography, [x, y]: Point): [number, number, number, number] {
  const w = h[6] * x + h[7] * y + h[8];
  const [u, v] = applyHomography(h, [x, y]);
  return [(h[0] - u * h[6]) / w, (h[1] - u * h[7]) / w, (h[3] - v * h[6]) / w, (h[4] - v * h[7]) / w];
}

/** Largest and smallest factor by which lengths at a point are stretched. */
export function stretchAt(h: Homography, point: Point): {largest: number; smallest: number} {
  const [a, b, c, d] = jacobianAt(h, point);
  const [sum, difference] = [Math.hypot(a + d, c - b) / 2, Math.hypot(a - d, b + c) / 2];
  return {largest: sum + difference, smallest: Math.abs(sum - difference)};
}

/** Moves the centroid to (0, 0) and scales the mean distance from it to the square root of 2. */
function normalizer(points: readonly Point[]): Homography | undefined {
  const x = points.reduce((sum, point) => sum + point[0], 0) / points.length;
  const y = points.reduce((sum, point) => sum + point[1], 0) / points.length;
  const distance = points.reduce((sum, point) => sum + Math.hypot(point[0] - x, point[1] - y), 0) / points.length;
  if (!(distance > 0) || !Number.isFinite(distance)) return undefined;
  const scale = Math.SQRT2 / distance;
  return [scale, 0, -scale * x, 0, scale, -scale * y, 0, 0, 1];
}

function normalized(h: readonly number[]): Homography {
  const unit = h[8] !== 0 ? h[8] : Math.hypot(...h);
  return h.map((value) => value / unit) as unknown as Homography;
}
