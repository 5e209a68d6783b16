import {areaOf} from '../measures/measure-outline.ts';
import type {Outline, Point} from '../types.ts';

/** Where the line crosses the outline: between which of its points, and how far along the line (0 at its start, 1 at its end). */
interface Crossing {
  side: number;
  along: number;
  point: Point;
}

/**
 * Cuts an outline in two along a line, which is continued beyond its ends. Where the line meets the outline more than
 * twice, the cut is made where most of the drawn part lies within.
 *
 * @returns undefined where the line does not go through the outline
 */
export function cutOutline(outline: Outline, from: Point, to: Point): [Outline, Outline] | undefined {
  const crossings = crossingsOf(outline, from, to).sort((a, b) => a.along - b.along);
  let best: {overlap: number; enter: Crossing; leave: Crossing} | undefined;
  for (let i = 0; i + 1 < crossings.length; i += 2) {
    const [enter, leave] = [crossings[i], crossings[i + 1]];
    const overlap = Math.min(1, leave.along) - Math.max(0, enter.along);
    if (!best || overlap > best.overlap) best = {overlap, enter, leave};
  }
  if (!best || best.overlap <= 0) return undefined;
  const halves = [partBetween(outline, best.enter, best.leave), partBetween(outline, best.leave, best.enter)] as const;
  return halves.every((half) => half.length >= 3 && areaOf(half) >= 1) ? [...halves] : undefined;
}

function crossingsOf(outline: Outline, [x0, y0]: Point, [x1, y1]: Point): Crossing[] {
  const [dx, dy] = [x1 - x0, y1 - y0];
  const squared = dx * dx + dy * dy;
  if (squared === 0) return [];
  const away = ([x, y]: Point) => (x - x0) * dy - (y - y0) * dx;
  return outline.flatMap((start, side) => {
    const end = outline[(side + 1) % outline.length];
    const [a, b] = [away(start), away(end)];
    // A point on the line belongs to one side of it, so that it is not met twice.
    if (a >= 0 === b >= 0) return [];
    const share = a / (a - b);
    const point: Point = [start[0] + share * (end[0] - start[0]), start[1] + share * (end[1] - start[1])];
    return [{side, point, along: ((point[0] - x0) * dx + (point[1] - y0) * dy) / squared}];
  });
}

function partBetween(outline: Outline, from: Crossing, to: Crossing): Point[] {
  const part: Point[] = [from.point];
  const steps = (to.side - from.side + outline.length) % outline.length;
  for (let i = 1; i <= steps; i++) part.push(outline[(from.side + i) % outline.length]);
  part.push(to.point);
  return part;
}
