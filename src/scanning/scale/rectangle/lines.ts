import type {Point} from '../../types.ts';
import type {EdgePoints} from '../edges/edge-points.ts';
import {fitLine, type Line} from '../geometry/line.ts';

/** A straight edge, and along which parts of it something is seen. */
export interface SeenLine extends Line {
  /** Length of a part, in pixels. */
  part: number;
  /** `upTo[i]`: in how many of the parts before the i-th something is seen; position 0 is at `start`. */
  upTo: Float64Array;
  start: number;
}

const ANGLES = 180;
/** Straight edges that are kept: four of them are looked for, and grains and patterns make the others. */
const MOST_LINES = 44;
/** An edge belongs to a line if its direction is nearer than this to that of the line, as a sine. */
const ALIGNED = 0.14;

/** The longest straight edges of a picture, by a Hough transform in which every edge votes along its own direction only. */
export function findLines(edges: EdgePoints, width: number, height: number): SeenLine[] {
  const cell = 2 * edges.factor;
  const reach = Math.hypot(width, height);
  const distances = Math.ceil((2 * reach) / cell) + 3;
  const votes = new Float32Array(ANGLES * distances);
  for (let i = 0; i < edges.count; i++) {
    const own = Math.round((Math.atan2(edges.gy[i], edges.gx[i]) / Math.PI) * ANGLES);
    for (let near = -1; near <= 1; near++) {
      const angle = (own + near + 2 * ANGLES) % ANGLES;
      const [nx, ny] = normalOf(angle);
      const distance = Math.round((edges.x[i] * nx + edges.y[i] * ny + reach) / cell);
      votes[angle * distances + distance] += near === 0 ? 1 : 0.6;
    }
  }
  const lines: SeenLine[] = [];
  for (const peak of peaks(votes, distances)) {
    const [nx, ny] = normalOf(Math.floor(peak / distances));
    const line = seenLine(edges, {nx, ny, c: (peak % distances) * cell - reach}, reach);
    if (line && !lines.some((other) => isSame(other, line, width, height, 1.5 * edges.factor))) lines.push(line);
    if (lines.length === MOST_LINES) break;
  }
  return lines;
}

/** The share of a line's way between two of its points on which an edge is seen. */
export function shareSeen(line: SeenLine, from: Point, to: Point): number {
  const [first, second] = [positionOf(line, from), positionOf(line, to)];
  const [low, high] = [Math.min(first, second) / line.part, Math.max(first, second) / line.part];
  return high > low ? (countUpTo(line, high) - countUpTo(line, low)) / (high - low) : 0;
}

function countUpTo({upTo}: SeenLine, position: number): number {
  const at = Math.min(upTo.length - 1.001, Math.max(0, position));
  const before = Math.floor(at);
  return upTo[before] + (at - before) * (upTo[before + 1] - upTo[before]);
}

function positionOf({nx, ny, start}: SeenLine, [x, y]: Point): number {
  return y * nx - x * ny - start;
}

function normalOf(angle: number): Point {
  return [Math.cos((angle * Math.PI) / ANGLES), Math.sin((angle * Math.PI) / ANGLES)];
}

/** Cells of which no neighbor has more votes, those with the most first. */
function peaks(votes: Float32Array, distances: number): number[] {
  const found: number[] = [];
  for (let i = distances + 1; i < votes.length - distances - 1; i++) {
    const sum = votes[i];
    if (sum < 8) continue;
    const around = [i - 1, i + 1, i - distances, i + distances, i - distances - 1, i - distances + 1];
    around.push(i + distances - 1, i + distances + 1);
    if (around.every((other) => votes[other] <= sum)) found.push(i);
  }
  return found.sort((a, b) => votes[b] - votes[a]).slice(0, 6 * MOST_LINES);
}

function seenLine(edges: EdgePoints, near: Line, reach: number): SeenLine | undefined {
  const fitted = fitLine(pointsOn(edges, near, 3 * edges.factor), near, edges.factor);
  if (!fitted) return undefined;
  const points = pointsOn(edges, fitted, 1.5 * edges.factor);
  const part = 3 * edges.factor;
  const seen = new Uint8Array(Math.ceil((2 * reach) / part) + 1);
  for (const [x, y] of points) seen[Math.floor((y * fitted.nx - x * fitted.ny + reach) / part)] = 1;
  const upTo = new Float64Array(seen.length + 1);
  for (const [i, hit] of seen.entries()) upTo[i + 1] = upTo[i] + hit;
  return {...fitted, part, upTo, start: -reach};
}

function pointsOn(edges: EdgePoints, {nx, ny, c}: Line, within: number): Point[] {
  const points: Point[] = [];
  for (let i = 0; i < edges.count; i++) {
    if (Math.abs(edges.gx[i] * ny - edges.gy[i] * nx) > ALIGNED) continue;
    if (Math.abs(edges.x[i] * nx + edges.y[i] * ny - c) < within) points.push([edges.x[i], edges.y[i]]);
  }
  return points;
}

/** Whether two lines are hardly apart within the picture. */
function isSame(one: Line, other: Line, width: number, height: number, within: number): boolean {
  const sign = Math.sign(one.nx * other.nx + one.ny * other.ny);
  if (Math.abs(one.nx * other.ny - one.ny * other.nx) > 0.03) return false;
  const [x, y] = [width / 2, height / 2];
  return Math.abs(one.nx * x + one.ny * y - one.c - sign * (other.nx * x + other.ny * y - other.c)) < within;
}
