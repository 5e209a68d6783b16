import type {Frame} from '../../../image/frame.ts';
import type {Point} from '../../types.ts';
import {changes, colorProfile, halfwayPoint} from '../edges/profile.ts';
import {type Ellipse, fitEllipse, median, pointOfEllipse, radiusWithin} from '../geometry/ellipse.ts';

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
/** An edge that is weaker than this share of the strongest ring is a shadow's, or none. */
const LEAST_RING = 0.4;

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
  const within = Math.max(0.75, 0.008 * ellipse.a);
  const near = points.filter((point) => Math.abs(radiusWithin(ellipse, point) - 1) * ellipse.a < within);
  return {...ellipse, seen: near.length / RAYS};
}

/** How far the outermost strong ring lies outside of the ellipse, in pixels. */
function outermostRing(picture: Frame, ellipse: Ellipse): number {
  const step = Math.max(1, ellipse.a / 200);
  const reach = Math.max(5, REACH * ellipse.a);
  let mean: Float64Array | undefined;
  for (let sector = 0; sector < SECTORS; sector++) {
    const rays = Array.from({length: 5}, (_, i) => (sector + i / 5) / SECTORS);
    const profiles = rays.map((turn) => colorProfile(picture, rayAt(ellipse, turn, {reach, step})));
    const profile = profiles[0].map((_, i) => {
      const sum: [number, number, number] = [0, 0, 0];
      for (const each of profiles) for (let c = 0; c < 3; c++) sum[c] += each[i][c] / profiles.length;
      return sum;
    });
    const strengths = changes(profile, SPAN);
    mean ??= new Float64Array(strengths.length);
    for (const [i, strength] of strengths.entries()) mean[i] += strength / SECTORS;
  }
  const rings = mean ?? new Float64Array(1);
  // Noise and texture make changes everywhere.
  const texture = median(rings);
  const least = texture + LEAST_RING * (Math.max(...rings) - texture);
  for (let i = rings.length - 2; i > 0; i--)
    if (rings[i] >= least && rings[i] >= rings[i - 1] && rings[i] >= rings[i + 1])
      return (i - (rings.length - 1) / 2) * step;
  return 0;
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
