import type {Frame} from '../../../image/frame.ts';
import type {Outline, Point} from '../../types.ts';
import {colorProfile, halfwayPoint} from '../edges/profile.ts';
import {fitLine, intersection, type Line, lineThrough} from '../geometry/line.ts';
import {between} from './quadrilaterals.ts';

/** Places along a side at which its edge is measured. */
const PLACES = 120;

/** Corners at full resolution, and the share of the places at which an edge lies on the sides. */
export interface RefinedCorners {
  corners: Outline;
  seen: number;
}

export interface RefineOptions {
  /** How far from the sides the edges may be, in pixels. */
  reach: number;
  /** The share of a side at either end that is left out: round corners. */
  trim: number;
  /** Places per side; 120 by default. */
  places?: number;
}

/**
 * Brings the sides of a quadrilateral to edges, sub-pixel, at half of the contrast: each is the line nearest to its edge at
 * many places (what lies on the edge is left out), and corners are where they meet.
 *
 * @returns undefined where a side has no edge
 */
export function refineCorners(picture: Frame, corners: Outline, options: RefineOptions): RefinedCorners | undefined {
  let refined: RefinedCorners = {corners, seen: 0};
  for (const reach of [options.reach, Math.max(2.5, options.reach / 2)]) {
    const sides = refined.corners.map((from, i) =>
      refineSide(picture, from, refined.corners[(i + 1) % 4], {...options, reach}),
    );
    const lines = sides.flatMap((side) => side?.line ?? []);
    if (lines.length < 4) return undefined;
    const meeting = lines.map((line, i) => intersection(lines[(i + 3) % 4], line));
    const found = meeting.filter((corner) => corner !== undefined);
    if (found.length < 4 || found.some((corner, i) => apart(corner, refined.corners[i]) > 4 * reach)) return undefined;
    refined = {corners: found, seen: Math.min(...sides.map((side) => side?.seen ?? 0))};
  }
  return refined;
}

function refineSide(
  picture: Frame,
  from: Point,
  to: Point,
  options: RefineOptions,
): {line: Line; seen: number} | undefined {
  const {reach, trim, places = PLACES} = options;
  const near = lineThrough(from, to);
  const step = Math.max(0.5, reach / 12);
  const points: Point[] = [];
  for (let i = 0; i < places; i++) {
    const at = between(from, to, trim + ((i + 0.5) / places) * (1 - 2 * trim));
    const profile = colorProfile(picture, {at, along: [near.nx, near.ny], reach, step, breadth: 1});
    const found = halfwayPoint(profile, Math.max(2, Math.round(profile.length / 5)));
    if (!found || found.contrast < 4) continue;
    const d = found.offset * step;
    points.push([at[0] + d * near.nx, at[1] + d * near.ny]);
  }
  if (points.length < places / 4) return undefined;
  const line = fitLine(points, near, 0.5);
  if (!line) return undefined;
  const on = points.filter(([x, y]) => Math.abs(line.nx * x + line.ny * y - line.c) < Math.max(1, reach / 8));
  return {line, seen: on.length / places};
}

function apart([x0, y0]: Point, [x1, y1]: Point): number {
  return Math.hypot(x1 - x0, y1 - y0);
}
