import type {Point} from '../../src/scanning/types.ts';

/** What is true of a covered area. Coordinates: the top left pixel covers (0, 0) to (1, 1). */
export interface Enclosed {
  x: number;
  y: number;
  /** Sum of the cover. */
  area: number;
  /** Of the long principal axis, degrees in [0, 180). */
  axis: number;
  /** Convex hull of the outline at half of the cover. */
  hull: Point[];
  /** Sides of the smallest enclosing rectangle; `angle` of the longer one in degrees [0, 180). */
  length: number;
  width: number;
  angle: number;
  feret: number;
}

const DEGREES = 180 / Math.PI;

/**
 * Measures an area from the cover of its pixels (0 to 255), beyond which nothing is covered. The outline is where the cover,
 * interpolated between the pixels' centers, is half.
 */
export function enclose(cover: Uint8Array, width: number, height: number): Enclosed {
  let [area, sumX, sumY] = [0, 0, 0];
  for (let y = 0, i = 0; y < height; y++)
    for (let x = 0; x < width; x++, i++) {
      const share = cover[i];
      if (share === 0) continue;
      area += share;
      sumX += share * x;
      sumY += share * y;
    }
  const [meanX, meanY] = [sumX / area, sumY / area];
  let [xx, yy, xy] = [0, 0, 0];
  for (let y = 0, i = 0; y < height; y++)
    for (let x = 0; x < width; x++, i++) {
      const share = cover[i];
      if (share === 0) continue;
      const [dx, dy] = [x - meanX, y - meanY];
      xx += share * dx * dx;
      yy += share * dy * dy;
      xy += share * dx * dy;
    }
  const axis = (Math.atan2(2 * xy, xx - yy) / 2) * DEGREES;
  const hull = convexHull(crossings(cover, width, height));
  return {x: meanX + 0.5, y: meanY + 0.5, area: area / 255, axis: (axis + 180) % 180, hull, ...smallestRectangle(hull)};
}

const HALF = 127.5;

/** The outermost points of every row and column where the cover passes half. */
function crossings(cover: Uint8Array, width: number, height: number): Point[] {
  const points: Point[] = [];
  const line = (at: (i: number) => number, length: number, point: (i: number) => Point) => {
    let [first, last] = [-1, -1];
    for (let i = 0; i < length; i++)
      if (at(i) > HALF) {
        if (first < 0) first = i;
        last = i;
      }
    if (first < 0) return;
    const before = first > 0 ? at(first - 1) : 0;
    const after = last < length - 1 ? at(last + 1) : 0;
    points.push(point(first + 0.5 - (at(first) - HALF) / (at(first) - before)));
    points.push(point(last + 0.5 + (at(last) - HALF) / (at(last) - after)));
  };
  for (let y = 0; y < height; y++)
    line(
      (x) => cover[y * width + x],
      width,
      (x) => [x, y + 0.5],
    );
  for (let x = 0; x < width; x++)
    line(
      (y) => cover[y * width + x],
      height,
      (y) => [x + 0.5, y],
    );
  return points;
}

/** Andrew's monotone chain. */
export function convexHull(points: readonly Point[]): Point[] {
  const sorted = [...points].sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  const half = (ordered: readonly Point[]): Point[] => {
    const hull: Point[] = [];
    for (const point of ordered) {
      while (hull.length > 1 && turn(hull[hull.length - 2], hull[hull.length - 1], point) <= 0) hull.pop();
      hull.push(point);
    }
    return hull.slice(0, -1);
  };
  return [...half(sorted), ...half(sorted.reverse())];
}

function turn(a: Point, b: Point, c: Point): number {
  return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);
}

/** One side of the smallest rectangle lies on a side of the hull (Freeman & Shapira 1975). */
export function smallestRectangle(hull: readonly Point[]): {
  length: number;
  width: number;
  angle: number;
  feret: number;
} {
  let best = {length: 0, width: 0, angle: 0};
  let least = Number.POSITIVE_INFINITY;
  let feret = 0;
  hull.forEach(([x, y], i) => {
    const [nextX, nextY] = hull[(i + 1) % hull.length];
    const side = Math.hypot(nextX - x, nextY - y);
    if (side < 1e-9) return;
    const [cos, sin] = [(nextX - x) / side, (nextY - y) / side];
    let [lowU, highU, highV] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0];
    for (const [px, py] of hull) {
      const u = (px - x) * cos + (py - y) * sin;
      const v = Math.abs((py - y) * cos - (px - x) * sin);
      if (u < lowU) lowU = u;
      if (u > highU) highU = u;
      if (v > highV) highV = v;
      feret = Math.max(feret, Math.hypot(px - x, py - y));
    }
    const along = highU - lowU;
    if (along * highV >= least) return;
    least = along * highV;
    const angle = Math.atan2(sin, cos) * DEGREES + (along < highV ? 90 : 0);
    best = {length: Math.max(along, highV), width: Math.min(along, highV), angle: (angle + 360) % 180};
  });
  return {...best, feret};
}
