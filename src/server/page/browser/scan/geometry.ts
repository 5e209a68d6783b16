import type {Point} from '../../../../scanning/types.ts';

type Outline = readonly Point[];

/** Whether a point lies within an outline: a ray to the right crosses it an odd number of times. */
export function isWithin([x, y]: Point, outline: Outline): boolean {
  let within = false;
  for (let i = 0, j = outline.length - 1; i < outline.length; j = i++) {
    const [[ax, ay], [bx, by]] = [outline[i], outline[j]];
    if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) within = !within;
  }
  return within;
}

/** Distance from a point to an outline. */
export function distanceTo([x, y]: Point, outline: Outline): number {
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0, j = outline.length - 1; i < outline.length; j = i++) {
    const [[ax, ay], [bx, by]] = [outline[i], outline[j]];
    const [dx, dy] = [bx - ax, by - ay];
    const along = Math.max(0, Math.min(1, ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy || 1)));
    least = Math.min(least, Math.hypot(x - ax - along * dx, y - ay - along * dy));
  }
  return least;
}

/** A point within an outline: the given one if it is, otherwise the middle of the widest part of the row through it. */
export function pointWithin(near: Point, outline: Outline): Point {
  if (isWithin(near, outline)) return near;
  const ys = outline.map(([, y]) => y);
  const middle = (Math.min(...ys) + Math.max(...ys)) / 2;
  // Between pixels, so that no row goes through a corner.
  const rows = [near[1] + 0.013, middle + 0.013];
  for (const y of rows) {
    const crossings: number[] = [];
    for (let i = 0, j = outline.length - 1; i < outline.length; j = i++) {
      const [[ax, ay], [bx, by]] = [outline[i], outline[j]];
      if (ay > y !== by > y) crossings.push(((bx - ax) * (y - ay)) / (by - ay) + ax);
    }
    crossings.sort((a, b) => a - b);
    let [widest, found] = [0, undefined as Point | undefined];
    for (let i = 0; i + 1 < crossings.length; i += 2)
      if (crossings[i + 1] - crossings[i] > widest)
        [widest, found] = [crossings[i + 1] - crossings[i], [(crossings[i] + crossings[i + 1]) / 2, y]];
    if (found) return found;
  }
  return near;
}

/** A line with both ends moved on, in its direction, until they are out of the outline. */
export function throughOutline(from: Point, to: Point, outline: Outline): [Point, Point] {
  const length = Math.hypot(to[0] - from[0], to[1] - from[1]) || 1;
  const [dx, dy] = [(to[0] - from[0]) / length, (to[1] - from[1]) / length];
  const out = ([x, y]: Point, sign: number): Point => {
    let moved: Point = [x, y];
    for (let i = 0; i < 10_000 && isWithin(moved, outline); i++) moved = [moved[0] + sign * dx, moved[1] + sign * dy];
    return moved;
  };
  return [out(from, -1), out(to, 1)];
}

/** To tenths of a pixel. */
export function rounded([x, y]: Point): [number, number] {
  return [Math.round(x * 10) / 10, Math.round(y * 10) / 10];
}
