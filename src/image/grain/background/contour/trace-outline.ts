import {connectRuns} from '../../components.ts';
import {momentsOf} from '../../moments.ts';
import {type SolidShape, solidShape} from '../../shape.ts';
import {hasCell, type Mask, maskOfShape, runsOf} from '../cell-mask.ts';
import type {Deviation} from '../deviation.ts';
import {closedPath} from './closed-path.ts';
import {type ColorAxes, colorAxes, noiseAlong} from './color-axes.ts';
import {type Evidence, evidenceAlong, FAR, NEAR, STEP} from './evidence.ts';
import {fillPolygon} from './fill-polygon.ts';
import {type Rays, raysAround} from './rays.ts';

/** A shape whose outline follows edges. */
export interface Traced {
  shape: SolidShape;
  /** Mean sharpness of the edges along its outline, 0 to 1. */
  edge: number;
}

/** What a cell that looks like grain costs outside of the outline, in full edges of one ray. */
const GRAIN = 0.08;
/** Cost of the square of a place by which neighboring rays differ. */
const STIFFNESS = 0.008;
/** A place that no outline may go through costs as much as this many full edges. */
const FORBIDDEN = 10;
/** How far the middle line stays away from the tips, in half widths: at first it is not known well where they are. */
const FROM_TIPS = [1.4, 0.7] as const;
/** How far is searched: in widths of the shape, and cells more. After that, cells beyond the outline that was found. */
const REACH = 1.1;
const MORE = 6;
const MOST_REACH = 48;
/** An outline this sharp is not traced: it could hardly be better. */
const SHARP = 0.93;
/** An outline is better if its edges are sharper by this. */
const MIN_GAIN = 0.06;
/** Places on either side of an outline where its edge may be. */
const BESIDE = 2;

/** In what, and how, edges are looked for. */
export interface Look {
  deviation: Deviation;
  axes: ColorAxes;
  /** Of the texture, along each axis. */
  noise: Float64Array;
  /** Empty cells around a shape. */
  margin: number;
}

/** Looks at a frame as edges need it. */
export function lookAt(deviation: Deviation, margin: number): Look {
  const {width, height, surface} = deviation;
  const middle = ((height >> 1) * width + (width >> 1)) * 3;
  const axes = colorAxes(surface[middle], surface[middle + 1], surface[middle + 2]);
  return {deviation, axes, noise: noiseAlong(deviation, axes, NEAR, FAR), margin};
}

/**
 * Looks for an outline around the middle of a shape that lies on sharper edges than the shape's own, by dynamic programming
 * over rays (Amini, Weymouth and Jain 1990). The edge of a grain is sharp; that of its shadow is not, or only where it is
 * the grain's too; light that falls off and textures are no edges either.
 *
 * @returns how sharp the shape's own outline is, and the other one if it is sharper
 */
export function traceOutline(look: Look, shape: SolidShape): {before: number; traced?: Traced} {
  const moments = momentsOf(shape);
  const rays = raysAround(moments, FROM_TIPS[0], true);
  const evidence = lookAlong(look, rays, REACH * moments.width + MORE);
  const before = meanEdge(evidence, placesOf(maskOfShape(shape, look.deviation), rays, evidence.places));
  if (before >= SHARP) return {before};
  const first = follow(look, rays, evidence);
  if (!first) return {before};
  const turned = raysAround(momentsOf(first.shape), FROM_TIPS[1]);
  const traced = follow(look, turned, lookAlong(look, turned, first.reach + MORE));
  return traced && traced.edge >= before + MIN_GAIN ? {before, traced} : {before};
}

function lookAlong({deviation, axes, noise}: Look, rays: Rays, reach: number): Evidence {
  return evidenceAlong(deviation, rays, Math.min(MOST_REACH, reach), axes, noise);
}

/** @returns with how far it is from the rays' beginnings at most, in cells */
function follow(
  {deviation: {width, height}, margin}: Look,
  rays: Rays,
  evidence: Evidence,
): (Traced & {reach: number}) | undefined {
  const path = closedPath(costsOf(evidence, rays, width, height), rays.count, evidence.places, STIFFNESS);
  const x = new Float64Array(rays.count);
  const y = new Float64Array(rays.count);
  let reach = 0;
  for (let ray = 0; ray < rays.count; ray++) {
    x[ray] = rays.x[ray] + path[ray] * STEP * rays.dx[ray];
    y[ray] = rays.y[ray] + path[ray] * STEP * rays.dy[ray];
    reach = Math.max(reach, path[ray] * STEP);
  }
  const runs = runsOf(fillPolygon(x, y, width, height));
  if (runs.length === 0) return undefined;
  return {shape: solidShape(runs, connectRuns(runs), margin), edge: meanEdge(evidence, path), reach};
}

/** The cost of an outline through each place: low at an edge, and where no grain is left outside and no ground inside. */
function costsOf({places, edges, grain}: Evidence, rays: Rays, width: number, height: number): Float32Array {
  const costs = new Float32Array(rays.count * places);
  for (let ray = 0, at = 0; ray < rays.count; ray++) {
    let inside = 0;
    for (let k = 0; k < places; k++, at++) {
      const x = rays.x[ray] + k * STEP * rays.dx[ray];
      const y = rays.y[ray] + k * STEP * rays.dy[ray];
      const beyond = x < 1 || y < 1 || x > width - 2 || y > height - 2;
      costs[at] = beyond ? FORBIDDEN : -edges[at] - GRAIN * STEP * inside;
      inside += grain[at];
    }
  }
  return costs;
}

/** Mean over the rays of the sharpest edge beside the outline. */
function meanEdge({places, edges}: Evidence, path: Int32Array): number {
  let sum = 0;
  for (let ray = 0; ray < path.length; ray++) {
    let most = 0;
    const last = Math.min(places - 1, path[ray] + BESIDE);
    for (let k = Math.max(0, path[ray] - BESIDE); k <= last; k++) most = Math.max(most, edges[ray * places + k]);
    sum += most;
  }
  return sum / path.length;
}

/** The last place of each ray within a mask. */
function placesOf(mask: Mask, rays: Rays, places: number): Int32Array {
  const last = new Int32Array(rays.count);
  for (let ray = 0; ray < rays.count; ray++)
    for (let k = 0; k < places; k++) {
      const x = Math.round(rays.x[ray] + k * STEP * rays.dx[ray]);
      const y = Math.round(rays.y[ray] + k * STEP * rays.dy[ray]);
      if (x < 0 || y < 0 || x >= mask.width || y >= mask.height) break;
      if (hasCell(mask, x, y)) last[ray] = k;
    }
  return last;
}
