import type {Outline, Point} from '../types.ts';

/** How much farther from the other outline than the nearest points those may be that face it, in pixels. */
const FACING = 2;

/**
 * One outline around two: the sides that face each other are left out, and their ends are joined.
 *
 * @param a and `b`, neither within the other
 */
export function joinOutlines(a: Outline, b: Outline): Outline {
  const [first, second] = [turned(a), turned(b)];
  const gap = gapBetween(first, second);
  return [...awayFrom(second, first, gap + FACING), ...awayFrom(first, second, gap + FACING)];
}

/** The least distance of two outlines. */
export function gapBetween(a: Outline, b: Outline): number {
  return Math.min(...a.map((point) => distanceTo(b, point)), ...b.map((point) => distanceTo(a, point)));
}

/** Whether a point lies within an outline. */
export function contains(outline: Outline, [x, y]: Point): boolean {
  let inside = false;
  for (let i = 0, k = outline.length - 1; i < outline.length; k = i++) {
    const [[ax, ay], [bx, by]] = [outline[i], outline[k]];
    if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) inside = !inside;
  }
  return inside;
}

/** The distance of a point from the nearest of an outline's sides. */
export function distanceTo(outline: Outline, [x, y]: Point): number {
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < outline.length; i++) {
    const [[ax, ay], [bx, by]] = [outline[i], outline[(i + 1) % outline.length]];
    const [dx, dy] = [bx - ax, by - ay];
    const squared = dx * dx + dy * dy;
    const along = squared === 0 ? 0 : Math.max(0, Math.min(1, ((x - ax) * dx + (y - ay) * dy) / squared));
    least = Math.min(least, Math.hypot(x - ax - along * dx, y - ay - along * dy));
  }
  return least;
}

/** The longest run of points of `outline` that do not face the other one; all but one if all do. */
function awayFrom(other: Outline, outline: Outline, reach: number): Point[] {
  const faces = outline.map((point) => distanceTo(other, point) <= reach);
  const count = outline.length;
  let best = {start: 0, length: 0};
  for (let start = 0; start < count; start++) {
    if (faces[start] || !faces[(start + count - 1) % count]) continue;
    let length = 1;
    while (length < count && !faces[(start + length) % count]) length++;
    if (length > best.length) best = {start, length};
  }
  // The points beside the run face the other outline, but are still on the way around both.
  if (best.length === 0) return [...outline];
  return Array.from(
    {length: Math.min(count, best.length + 2)},
    (_, i) => outline[(best.start + count - 1 + i) % count],
  );
}

/** All in the same direction, so that one can be continued by the other. */
function turned(outline: Outline): Outline {
  let twice = 0;
  for (let i = 0; i < outline.length; i++) {
    const [[ax, ay], [bx, by]] = [outline[i], outline[(i + 1) % outline.length]];
    twice += ax * by - bx * ay;
  }
  return twice >= 0 ? outline : [...outline].reverse();
}
