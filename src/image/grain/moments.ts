import {RUN} from './components.ts';
import type {SolidShape} from './shape.ts';

/** Zeroth to second moments of a shape, in cells; cell (x, y) counts as the point (x, y). */
export interface Moments {
  area: number;
  x: number;
  y: number;
  /** Axes of the ellipse with the same second moments. */
  length: number;
  width: number;
  /** Unit vector along the long axis, `cos >= 0`. */
  cos: number;
  sin: number;
  /** The same in degrees, [0, 180), from the x axis towards the y axis. */
  angle: number;
}

/**
 * Centroid and principal axes of a shape. The axes are computed with square roots only, which IEEE 754 defines exactly, so
 * that every machine samples the same pixels; only the angle, which sampling does not use, needs a transcendental function.
 */
export function momentsOf({x: left, y: top, spans}: SolidShape): Moments {
  let area = 0;
  let sumX = 0;
  let sumY = 0;
  let sumXX = 0;
  let sumYY = 0;
  let sumXY = 0;
  for (let i = 0; i < spans.length; i += RUN) {
    const y = spans[i];
    const start = spans[i + 1];
    const last = spans[i + 2] - 1;
    const count = last - start + 1;
    // Sums of the integers from start to last, and of their squares: exact.
    const rowX = ((start + last) * count) / 2;
    const rowXX = squaresUpTo(last) - squaresUpTo(start - 1);
    area += count;
    sumX += rowX;
    sumXX += rowXX;
    sumY += count * y;
    sumYY += count * y * y;
    sumXY += rowX * y;
  }
  const meanX = sumX / area;
  const meanY = sumY / area;
  const varianceX = sumXX / area - meanX * meanX;
  const varianceY = sumYY / area - meanY * meanY;
  const covariance = sumXY / area - meanX * meanY;
  return {area, x: left + meanX, y: top + meanY, ...principalAxes(varianceX, varianceY, covariance)};
}

/** 1 + 4 + 9 + ... + n n. */
function squaresUpTo(n: number): number {
  return (n * (n + 1) * (2 * n + 1)) / 6;
}

/** Eigenvalues and first eigenvector of the covariance matrix, with the half-angle formulas. */
function principalAxes(varianceX: number, varianceY: number, covariance: number) {
  const difference = varianceX - varianceY;
  const root = Math.sqrt(difference * difference + 4 * covariance * covariance);
  const sum = varianceX + varianceY;
  const doubleCos = root > 0 ? difference / root : 1;
  const cos = Math.sqrt((1 + doubleCos) / 2);
  const sin = Math.sqrt((1 - doubleCos) / 2) * (covariance < 0 ? -1 : 1);
  const degrees = (Math.atan2(sin, cos) * 180) / Math.PI;
  return {
    length: 4 * Math.sqrt(Math.max(0, (sum + root) / 2)),
    width: 4 * Math.sqrt(Math.max(0, (sum - root) / 2)),
    cos,
    sin,
    angle: (degrees + 180) % 180,
  };
}
