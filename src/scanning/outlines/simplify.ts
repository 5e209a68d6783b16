import type {Point} from '../types.ts';

/**
 * A closed outline with fewer points, none of which was further than `tolerance` from it (Ramer 1972, Douglas and Peucker
 * 1973), without recursion.
 */
export function simplify(outline: readonly Point[], tolerance: number): Point[] {
  if (outline.length <= 4) return [...outline];
  const keep = new Uint8Array(outline.length + 1);
  const at = (i: number) => outline[i % outline.length];
  // A closed outline has no ends: it is cut where it is furthest from its first point.
  let far = 0;
  let most = -1;
  for (let i = 1; i < outline.length; i++) {
    const distance = (outline[i][0] - outline[0][0]) ** 2 + (outline[i][1] - outline[0][1]) ** 2;
    if (distance > most) [most, far] = [distance, i];
  }
  keep[0] = 1;
  keep[far] = 1;
  const spans: [number, number][] = [
    [0, far],
    [far, outline.length],
  ];
  for (let span = spans.pop(); span; span = spans.pop()) {
    const [from, to] = span;
    let worst = tolerance;
    let index = -1;
    for (let i = from + 1; i < to; i++) {
      const distance = distanceFromSegment(at(i), at(from), at(to));
      if (distance > worst) [worst, index] = [distance, i];
    }
    if (index < 0) continue;
    keep[index] = 1;
    spans.push([from, index], [index, to]);
  }
  const kept = outline.filter((_, i) => keep[i] === 1);
  return kept.length >= 3 ? kept : [...outline];
}

function distanceFromSegment([x, y]: Point, [ax, ay]: Point, [bx, by]: Point): number {
  const [dx, dy] = [bx - ax, by - ay];
  const square = dx * dx + dy * dy;
  const share = square === 0 ? 0 : Math.max(0, Math.min(1, ((x - ax) * dx + (y - ay) * dy) / square));
  return Math.hypot(x - ax - share * dx, y - ay - share * dy);
}
