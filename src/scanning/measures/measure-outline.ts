import type {Outline, Point, Size} from '../types.ts';
import {convexHull} from './convex-hull.ts';

/** What an outline alone says of a grain, in its own units. */
export interface OutlineMeasures extends Size {
  /** Centroid of the area. */
  x: number;
  y: number;
  /** Of the longer side of the smallest enclosing rectangle: degrees in [0, 180). */
  angle: number;
  ratio: number;
  circularity: number;
  /** Area as a share of the convex hull's: 1 for a convex outline. */
  solidity: number;
}

/**
 * Measures a closed outline. Area and centroid by the shoelace formula; length and width are the sides of the smallest
 * enclosing rectangle, one side of which lies on the convex hull (Freeman and Shapira 1975); feret is the largest distance of two points
 * of the hull.
 *
 * @param outline at least three points
 */
export function measureOutline(outline: Outline): OutlineMeasures {
  let twice = 0;
  let sumX = 0;
  let sumY = 0;
  let perimeter = 0;
  // About the first point, so that large coordinates cost no digits.
  const [originX, originY] = outline[0];
  for (let i = 0; i < outline.length; i++) {
    const [ax, ay] = [outline[i][0] - originX, outline[i][1] - originY];
    const next = outline[(i + 1) % outline.length];
    const [bx, by] = [next[0] - originX, next[1] - originY];
    const cross = ax * by - bx * ay;
    twice += cross;
    sumX += (ax + bx) * cross;
    sumY += (ay + by) * cross;
    perimeter += Math.hypot(bx - ax, by - ay);
  }
  const area = Math.abs(twice) / 2;
  const hull = convexHull(outline);
  const rectangle = smallestRectangle(hull);
  return {
    ...rectangle,
    feret: largestDistance(hull),
    area,
    perimeter,
    x: originX + (twice === 0 ? 0 : sumX / (3 * twice)),
    y: originY + (twice === 0 ? 0 : sumY / (3 * twice)),
    ratio: rectangle.width > 0 ? rectangle.length / rectangle.width : 1,
    circularity: perimeter > 0 ? Math.min(1, (4 * Math.PI * area) / perimeter ** 2) : 0,
    solidity: area / Math.max(Number.MIN_VALUE, areaOf(hull)),
  };
}

/** Area of a polygon. */
export function areaOf(polygon: readonly Point[]): number {
  let twice = 0;
  for (let i = 0; i < polygon.length; i++) {
    const [ax, ay] = polygon[i];
    const [bx, by] = polygon[(i + 1) % polygon.length];
    twice += ax * by - bx * ay;
  }
  return Math.abs(twice) / 2;
}

function smallestRectangle(hull: readonly Point[]): {length: number; width: number; angle: number} {
  let best = {length: 0, width: 0, angle: 0};
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < hull.length; i++) {
    const [ax, ay] = hull[i];
    const [bx, by] = hull[(i + 1) % hull.length];
    const side = Math.hypot(bx - ax, by - ay);
    if (side === 0) continue;
    const cos = (bx - ax) / side;
    const sin = (by - ay) / side;
    let [left, right, low, high] = [Infinity, -Infinity, Infinity, -Infinity];
    for (const [x, y] of hull) {
      const along = x * cos + y * sin;
      const across = y * cos - x * sin;
      left = Math.min(left, along);
      right = Math.max(right, along);
      low = Math.min(low, across);
      high = Math.max(high, across);
    }
    const [along, across] = [right - left, high - low];
    if (along * across >= least) continue;
    least = along * across;
    const degrees = (Math.atan2(sin, cos) * 180) / Math.PI + (along >= across ? 0 : 90);
    best = {length: Math.max(along, across), width: Math.min(along, across), angle: ((degrees % 180) + 180) % 180};
  }
  return best;
}

function largestDistance(points: readonly Point[]): number {
  let largest = 0;
  for (let i = 0; i < points.length; i++)
    for (let k = i + 1; k < points.length; k++)
      largest = Math.max(largest, (points[i][0] - points[k][0]) ** 2 + (points[i][1] - points[k][1]) ** 2);
  return Math.sqrt(largest);
}
