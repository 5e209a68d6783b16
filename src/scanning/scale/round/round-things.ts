import type {Point} from '../../types.ts';
import type {EdgePoints} from '../edges/edge-points.ts';
import {type Ellipse, fitEllipse, radiusWithin} from '../geometry/ellipse.ts';
import {type Center, findCenters} from './centers.ts';

/** Something round, as its edge on the reduced picture shows it. */
export interface RoundThing extends Ellipse {
  /** Share of the directions from its center in which its edge is seen, 0 to 1. */
  seen: number;
}

const DIRECTIONS = 72;
/** Rings around one center of which the ellipse is fitted. */
const MOST_RINGS = 8;
/** Rings that are searched grow by this factor. */
const RING = 1.025;
/** A ring of a circle seen at 35 degrees reaches over so many of them to both sides. */
const RINGS_OF_TILT = 4;
/** Less of the edge is a coincidence: grains, letters and folds make arcs as well. */
export const LEAST_SEEN = 0.6;
/** What is round at least so far is told of where nothing better is there. */
const LEAST_TOLD = 0.35;
/** A circle seen at 45 degrees. */
const LEAST_RATIO = 0.7;

/**
 * Round things of a picture, also those of which too little is seen, the most certain first: of rings around one center,
 * the outermost that is as certain; of things in one another, the larger one.
 *
 * @param diameters the smallest and the largest that is searched for, in pixels
 * @param at a place that a person named
 */
export function findRoundThings(edges: EdgePoints, diameters: readonly [number, number], at?: Point): RoundThing[] {
  const things: RoundThing[] = [];
  for (const center of findCenters(edges, diameters, at)) {
    if (things.some((thing) => radiusWithin(thing, [center.x, center.y]) < 0.3)) continue;
    const thing = outermostRing(edges, center);
    if (thing) things.push(thing);
  }
  things.sort((a, b) => b.seen - a.seen);
  return things.filter((thing, i) => !things.some((other, k) => k !== i && hides(other, thing, k < i)));
}

/** Whether what is seen of one thing explains the other: the relief of a coin, or the same edge found twice. */
function hides(one: RoundThing, other: RoundThing, surer: boolean): boolean {
  if (one.seen < LEAST_SEEN || radiusWithin(one, [other.x, other.y]) > 0.9) return false;
  // A coin on a plate is no part of the plate.
  return one.a > other.a ? one.a < 3 * other.a && (surer || one.seen > 0.85 * other.seen) : surer;
}

function outermostRing(edges: EdgePoints, center: Center): RoundThing | undefined {
  const points = pointsAround(edges, center);
  const fitted = candidateRings(points, center)
    .map((radius) => fitRing(points, edges.factor, radius, center))
    .filter((thing) => thing !== undefined);
  const best = Math.max(LEAST_TOLD, ...fitted.map(({seen}) => seen));
  return fitted.filter(({seen}) => seen >= 0.85 * best).sort((a, b) => b.a - a.a)[0];
}

/** A point whose edge lies across the radius from a center. */
interface RadialPoint {
  point: Point;
  radius: number;
  direction: number;
}

function pointsAround(edges: EdgePoints, {x, y, smallest, largest}: Center): RadialPoint[] {
  const points: RadialPoint[] = [];
  for (let i = 0; i < edges.count; i++) {
    const [dx, dy] = [edges.x[i] - x, edges.y[i] - y];
    const radius = Math.hypot(dx, dy);
    if (radius < 0.7 * smallest || radius > 1.3 * largest) continue;
    if (Math.abs(dx * edges.gx[i] + dy * edges.gy[i]) < 0.88 * radius) continue;
    points.push({point: [edges.x[i], edges.y[i]], radius, direction: directionOf(dx, dy)});
  }
  return points.sort((a, b) => a.radius - b.radius);
}

/** Radii at which edges lie across the radius in most directions. */
function candidateRings(points: readonly RadialPoint[], {smallest, largest}: Center): number[] {
  const ringOf = (radius: number) => Math.floor(Math.log(radius / smallest) / Math.log(RING));
  const count = Math.max(0, ringOf(largest) + 1);
  const hits = Array.from({length: count}, () => new Uint8Array(DIRECTIONS));
  for (const {radius, direction} of points) {
    const ring = hits[ringOf(radius)];
    if (ring) ring[direction] = 1;
  }
  const seen = hits.map((_, i) => {
    const nearby = hits.slice(Math.max(0, i - RINGS_OF_TILT), i + RINGS_OF_TILT + 1);
    let sum = 0;
    for (let direction = 0; direction < DIRECTIONS; direction++) sum += nearby.some((ring) => ring[direction]) ? 1 : 0;
    return sum / DIRECTIONS;
  });
  const peaks = seen.flatMap((share, i) => {
    const nearby = seen.slice(Math.max(0, i - 2), i + 3);
    return share >= LEAST_TOLD && share === Math.max(...nearby) ? [{radius: smallest * RING ** (i + 0.5), share}] : [];
  });
  peaks.sort((a, b) => b.share - a.share);
  return peaks.slice(0, MOST_RINGS).map(({radius}) => radius);
}

/** The ellipse of the edge points near a circle, and how much of its edge is seen. */
function fitRing(points: RadialPoint[], factor: number, radius: number, {x, y}: Center): RoundThing | undefined {
  let ellipse: Ellipse = {x, y, a: radius, b: radius, angle: 0};
  for (const breadth of [0.13, 0.06, 0.03]) {
    const near = pointsNear(points, ellipse, Math.max(breadth * radius, 1.5 * factor));
    const fitted = fitEllipse(
      near.map(({point}) => point),
      factor * 0.7,
      4,
    );
    if (!fitted || fitted.b < LEAST_RATIO * fitted.a || Math.abs(Math.log(fitted.a / radius)) > 0.3) return undefined;
    if (Math.hypot(fitted.x - x, fitted.y - y) > 0.3 * radius) return undefined;
    ellipse = fitted;
  }
  const within = Math.max(0.015 * ellipse.a, 1.2 * factor);
  const on = shareOfDirections(pointsNear(points, ellipse, within));
  // Cloth, wood and heaps have such edges everywhere: what is seen around the ring is what chance shows on it.
  const around = [0.8, 1.15, 1.3].map((share) => {
    const ring = {...ellipse, a: share * ellipse.a, b: share * ellipse.b};
    return shareOfDirections(pointsNear(points, ring, within));
  });
  const chance = around.sort((a, b) => a - b)[1];
  return {...ellipse, seen: Math.max(0, (on - chance) / Math.max(0.3, 1 - chance))};
}

function pointsNear(points: readonly RadialPoint[], ellipse: Ellipse, within: number): RadialPoint[] {
  const [least, most] = [ellipse.b - within, ellipse.a + within];
  const near: RadialPoint[] = [];
  for (const each of points) {
    const radius = Math.hypot(each.point[0] - ellipse.x, each.point[1] - ellipse.y);
    if (radius < least || radius > most) continue;
    if (Math.abs(radiusWithin(ellipse, each.point) - 1) * ellipse.b < within) near.push(each);
  }
  return near;
}

function shareOfDirections(points: readonly RadialPoint[]): number {
  const seen = new Uint8Array(DIRECTIONS);
  for (const {direction} of points) seen[direction] = 1;
  return seen.reduce((sum, hit) => sum + hit, 0) / DIRECTIONS;
}

function directionOf(dx: number, dy: number): number {
  return Math.floor((Math.atan2(dy, dx) / (2 * Math.PI) + 0.5) * DIRECTIONS) % DIRECTIONS;
}
