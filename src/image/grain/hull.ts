import {connectRuns, RUN, type Runs} from './components.ts';

/** Both halves of the convex hull of a shape's cells, as x, y of their corners (Andrew's monotone chain, 1979). */
export interface Hull {
  left: number[];
  right: number[];
}

/** @param spans of a shape, sorted by row */
export function hullOf(spans: Runs): Hull {
  const hull: Hull = {left: [], right: []};
  for (let i = 0; i < spans.length; i += RUN) {
    for (const y of [spans[i], spans[i] + 1]) {
      addCorner(hull.left, spans[i + 1], y, 1);
      addCorner(hull.right, spans[i + 2], y, -1);
    }
  }
  return hull;
}

export function hullArea({left, right}: Hull): number {
  return areaBeside(right) - areaBeside(left);
}

/** Areas of the bays between a shape and its hull. */
export function baysOf(spans: Runs, {left, right}: Hull): number[] {
  const gaps: number[] = [];
  for (let i = 0; i < spans.length; ) {
    const row = spans[i];
    let at = Math.round(crossing(left, row + 0.5));
    const end = Math.round(crossing(right, row + 0.5));
    for (; i < spans.length && spans[i] === row; i += RUN) {
      if (spans[i + 1] > at) gaps.push(row, at, spans[i + 1]);
      at = spans[i + 2];
    }
    if (end > at) gaps.push(row, at, end);
  }
  return gaps.length === 0 ? [] : connectRuns(Int32Array.from(gaps)).areas;
}

/** Where a chain of points, from top to bottom, is at a height. */
function crossing(chain: readonly number[], y: number): number {
  let i = 0;
  while (i + 5 < chain.length && chain[i + 3] < y) i += 2;
  const [ax, ay, bx, by] = chain.slice(i, i + 4);
  return ax + ((y - ay) / (by - ay)) * (bx - ax);
}

/**
 * Adds a corner to one half of a hull, and removes those that are then inside.
 *
 * @param side 1 for the left half, -1 for the right
 */
function addCorner(hull: number[], x: number, y: number, side: number): void {
  const last = hull.length - 2;
  // Of the spans in a row, the outermost counts.
  if (last >= 0 && hull[last + 1] === y) {
    if ((x - hull[last]) * side >= 0) return;
    hull.length -= 2;
  }
  while (hull.length >= 4) {
    const [ax, ay, bx, by] = hull.slice(-4);
    if (((bx - ax) * (y - ay) - (by - ay) * (x - ax)) * side < 0) break;
    hull.length -= 2;
  }
  hull.push(x, y);
}

/** The area between a chain of points and the y axis. */
function areaBeside(chain: readonly number[]): number {
  let sum = 0;
  for (let i = 0; i + 3 < chain.length; i += 2) sum += ((chain[i] + chain[i + 2]) / 2) * (chain[i + 3] - chain[i + 1]);
  return sum;
}
