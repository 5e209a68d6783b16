import type {Frame} from '../../../image/frame.ts';
import type {Point} from '../../types.ts';
import {changes, colorProfile, halfwayPoint} from '../edges/profile.ts';
import {fitCircle} from '../geometry/circle.ts';
import {type Ellipse, fitEllipse, pointOfEllipse, radiusWithin} from '../geometry/ellipse.ts';

/** An ellipse at full resolution, and the share of its edge that lies on it. */
export interface RefinedEllipse extends Ellipse {
  seen: number;
}

const RAYS = 360;
const SECTORS = 36;
/** A coin's rim draws lines up to this share of its radius within its edge; the edge may have been missed by as much. */
const REACH = 0.12;
/** Samples to both sides between which a change is measured: edges are blurred over several. */
const SPAN = 2;
/** A circle is taken if so much of the edge lies on it of what lies on the ellipse; seen at 15 degrees, it is half as much. */
const AS_ROUND = 0.72;
/** What shows in fewer than 1 - 0.4 of the sectors is no ring. */
const IN_MOST = 0.4;
/** The ellipse may be off by this share of its radius. */
const NEARBY = 0.02;
/** An edge that is weaker than this share of the strongest ring is a shadow's, or none. */
const LEAST_RING = 0.5;

/**
 * Brings an ellipse to the outer edge of what it goes round, sub-pixel, at half of the contrast: first to the outermost of
 * the rings that are nearly as strong as the strongest, since coins have rims and reliefs, then ray by ray.
 */
export function refineEllipse(picture: Frame, coarse: Ellipse): RefinedEllipse | undefined {
  const shift = outermostRing(picture, coarse);
  let ellipse: Ellipse = {...coarse, a: coarse.a + shift, b: coarse.b + shift};
  let points: Point[] = [];
  for (const reach of [0.045, 0.03]) {
    points = edgePoints(picture, ellipse, Math.max(4, reach * ellipse.a));
    const fitted = fitEllipse(points, 0.5);
    if (!fitted || Math.abs(Math.log(fitted.a / ellipse.a)) > 0.1) return undefined;
    ellipse = fitted;
  }
  const within = Math.max(0.75, 0.006 * ellipse.a);
  const circle = fitCircle(points, within);
  const [round, oval] = [circle ? shareOn(points, circle, within) : 0, shareOn(points, ellipse, within)];
  // Where a shadow hides a part of the edge, an ellipse goes round both: what a circle explains is one.
  return circle && round > AS_ROUND * oval ? {...circle, seen: round} : {...ellipse, seen: oval};
}

function shareOn(points: readonly Point[], ellipse: Ellipse, within: number): number {
  return points.filter((point) => Math.abs(radiusWithin(ellipse, point) - 1) * ellipse.a < within).length / RAYS;
}

/**
 * How far outside of the ellipse the outermost ring lies that shows in most sectors, in pixels. A shadow's edge shows on one
 * side only. Since the ellipse may be a little off, a sector has at each distance the strongest change nearby.
 */
function outermostRing(picture: Frame, ellipse: Ellipse): number {
  const step = Math.max(1, ellipse.a / 200);
  const reach = Math.max(5, REACH * ellipse.a);
  const near = Math.ceil((NEARBY * ellipse.a) / step);
  const sectors = Array.from({length: SECTORS}, (_, sector) => {
    const rays = Array.from({length: 5}, (_, i) => (sector + i / 5) / SECTORS);
    const profiles = rays.map((turn) => colorProfile(picture, rayAt(ellipse, turn, {reach, step})));
    const profile = profiles[0].map((_, i) => {
      const sum: [number, number, number] = [0, 0, 0];
      for (const each of profiles) for (let c = 0; c < 3; c++) sum[c] += each[i][c] / profiles.length;
      return sum;
    });
    const strengths = changes(profile, SPAN);
    return strengths.map((_, i) => Math.max(...strengths.subarray(Math.max(0, i - near), i + near + 1)));
  });
  const rings = sectors[0].map((_, i) => {
    const sorted = sectors.map((strengths) => strengths[i]).sort((a, b) => a - b);
    return sorted[Math.floor(IN_MOST * SECTORS)];
  });
  // Noise and texture make changes everywhere.
  const texture = Math.min(...rings.filter((strength) => strength > 0));
  const least = texture + LEAST_RING * (Math.max(...rings) - texture);
  const outermost = rings.findLastIndex((strength) => strength >= least);
  return (outermost - near - (rings.length - 1) / 2) * step;
}

function edgePoints(picture: Frame, ellipse: Ellipse, reach: number): Point[] {
  const step = Math.max(0.5, reach / 24);
  const points: Point[] = [];
  for (let ray = 0; ray < RAYS; ray++) {
    const line = rayAt(ellipse, ray / RAYS, {reach, step});
    const profile = colorProfile(picture, line);
    const found = halfwayPoint(profile, Math.max(2, Math.round(profile.length / 5)));
    if (!found || found.contrast < 4) continue;
    const d = found.offset * step;
    points.push([line.at[0] + d * line.along[0], line.at[1] + d * line.along[1]]);
  }
  return points;
}

/** A line across the edge, from within to outside. */
function rayAt(ellipse: Ellipse, turn: number, {reach, step}: {reach: number; step: number}) {
  const t = turn * 2 * Math.PI;
  const at = pointOfEllipse(ellipse, t);
  // The normal of the ellipse at the parameter t.
  const [u, v] = [Math.cos(t) / ellipse.a, Math.sin(t) / ellipse.b];
  const length = Math.hypot(u, v);
  const [cos, sin] = [Math.cos(ellipse.angle), Math.sin(ellipse.angle)];
  const along: Point = [(u * cos - v * sin) / length, (u * sin + v * cos) / length];
  return {at, along, reach, step, breadth: Math.min(2, ellipse.a / 60)};
}
