import type {Frame} from '../../../image/frame.ts';
import type {Homography, Outline, PictureObject, Point} from '../../types.ts';
import {findEdges} from '../edges/edge-points.ts';
import {colorAt} from '../edges/profile.ts';
import {type Ellipse, pointOfEllipse, radiusWithin} from '../geometry/ellipse.ts';
import {boxOf} from '../geometry/polygon.ts';
import {notFound, placeOf} from '../not-found.ts';
import type {FoundScale, ScaleRequest} from '../types.ts';
import {type RefinedEllipse, refineEllipse} from './refine-ellipse.ts';
import {findRoundThings, LEAST_SEEN, type RoundThing} from './round-things.ts';

type CoinRequest = Extract<ScaleRequest, {from: 'coin'}>;

const OUTLINE_POINTS = 72;
/** Seen from 10 degrees off the vertical; below, the shape tells of the coin more than of the tilt. */
const TILTED = 0.985;
/** Something round that is so much larger or smaller than the coin is not listed: a plate with grains on it must not be. */
const LISTED = {from: 0.4, to: 2.5};
/** At fewer pixels per millimeter, grains are too small to be measured. */
const LEAST_PX_PER_MM = 2;
/** Refining is dear, and a picture of bubbles has many candidates. */
const MOST_REFINED = 12;

/**
 * The scale by a coin or another round thing of known diameter. Of several, the one named by `at` or the most certain: that of
 * which most of the edge is seen; strong colors (caps of bottles) and much of the picture's side (plates) count against it.
 *
 * A coin seen at an angle is an ellipse: its long axis gives the scale, and the ratio of its axes the tilt.
 *
 * @throws RiceError REFERENCE_NOT_FOUND
 */
export function findCoin(picture: Frame, {diameter, at}: CoinRequest): FoundScale {
  const side = Math.min(picture.width, picture.height);
  const edges = findEdges(picture);
  const smallest = Math.max(LEAST_PX_PER_MM * diameter, 10 * edges.factor);
  const seen = findRoundThings(edges, [smallest, 0.98 * side], at);
  const round = seen
    .filter((thing) => thing.seen >= LEAST_SEEN)
    .slice(0, MOST_REFINED)
    .flatMap((thing) => refineEllipse(picture, thing) ?? [])
    .filter((thing) => thing.seen >= LEAST_SEEN - 0.1);
  const here = at ? round.filter((thing) => radiusWithin(thing, at) <= 1) : round;
  const ranked = here
    .map((thing) => ({thing, certainty: certaintyOf(picture, thing, side)}))
    .sort((a, b) => b.certainty - a.certainty);
  const coin = ranked[0]?.thing;
  if (!coin) throw missing(diameter, at, round, seen);
  const others = round.filter((thing) => thing !== coin && !overlap(thing, coin) && isListed(thing, coin));
  const pxPerMm = (2 * coin.a) / diameter;
  const tilted = coin.b < TILTED * coin.a;
  const warnings = at ? [] : ambiguity(coin, others);
  if (tilted) warnings.push(tiltWarning(coin));
  return {
    scale: {
      pxPerMm,
      source: 'coin',
      description: `coin of ${diameter} mm at ${placeOf([coin.x, coin.y])}`,
      ...(tilted ? {tilt: tiltOf(coin)} : {}),
    },
    ...(tilted ? {toMillimeters: straightened(coin, diameter)} : {}),
    objects: [objectOf(coin, 'coin'), ...others.map((thing) => objectOf(thing, 'object'))],
    ...(warnings.length > 0 ? {warnings} : {}),
  };
}

function certaintyOf(picture: Frame, thing: RefinedEllipse, side: number): number {
  const plate = thing.a > 0.3 * side ? 0.3 : 0;
  return thing.seen - plate - (saturation(picture, thing) > 0.7 ? 0.25 : 0);
}

/** Mean of (largest - smallest channel) / largest, within. Copper has about 0.6, a red cap 0.85. */
function saturation(picture: Frame, ellipse: Ellipse): number {
  let sum = 0;
  const count = 200;
  for (let i = 0; i < count; i++) {
    // Points of a sunflower: evenly over the area.
    const [radius, t] = [0.9 * Math.sqrt((i + 0.5) / count), i * 2.39996];
    const [x, y] = pointOfEllipse({...ellipse, a: ellipse.a * radius, b: ellipse.b * radius}, t);
    const color = colorAt(picture, x, y);
    const largest = Math.max(...color);
    sum += largest > 0 ? (largest - Math.min(...color)) / largest : 0;
  }
  return sum / count;
}

function overlap(one: Ellipse, other: Ellipse): boolean {
  return radiusWithin(one, [other.x, other.y]) < 1 || radiusWithin(other, [one.x, one.y]) < 1;
}

function isListed(thing: Ellipse, coin: Ellipse): boolean {
  return thing.a > LISTED.from * coin.a && thing.a < LISTED.to * coin.a;
}

function tiltOf({a, b}: Ellipse): number {
  return (Math.acos(Math.min(1, b / a)) * 180) / Math.PI;
}

/** Stretches along the short axis until the ellipse is a circle of the diameter. */
function straightened({x, y, a, b, angle}: Ellipse, diameter: number): Homography {
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const [along, across] = [diameter / (2 * a), diameter / (2 * b)];
  const xx = along * cos * cos + across * sin * sin;
  const xy = (along - across) * cos * sin;
  const yy = along * sin * sin + across * cos * cos;
  return [xx, xy, -xx * x - xy * y, xy, yy, -xy * x - yy * y, 0, 0, 1];
}

function objectOf(ellipse: Ellipse, kind: 'coin' | 'object'): PictureObject {
  const outline: Outline = Array.from({length: OUTLINE_POINTS}, (_, i) =>
    pointOfEllipse(ellipse, (i / OUTLINE_POINTS) * 2 * Math.PI),
  );
  return {kind, ...boxOf(outline), outline};
}

function ambiguity(coin: RefinedEllipse, others: readonly RefinedEllipse[]): string[] {
  if (others.length === 0) return [];
  const list = others.slice(0, 3).map(describe).join(', and ');
  return [
    `there are ${others.length + 1} round things: the one ${describe(coin)} was taken for the coin, not the one ${list}; --reference-at ${Math.round(others[0].x)},${Math.round(others[0].y)} takes the other`,
  ];
}

function tiltWarning(coin: Ellipse): string {
  return `the coin is seen at ${Math.round(tiltOf(coin))} degrees: lengths far from it may be wrong by several percent; take the picture from straight above, or use --reference target`;
}

function describe({x, y, a}: Ellipse): string {
  return `at ${placeOf([x, y])}, ${Math.round(2 * a)} pixels across`;
}

function missing(diameter: number, at: Point | undefined, round: RefinedEllipse[], seen: RoundThing[]) {
  const searched = `a coin of ${diameter} mm${at ? ` at ${placeOf(at)}` : ''}`;
  const elsewhere = round[0];
  if (elsewhere)
    return notFound(searched, `nothing round is there, but something is ${describe(elsewhere)}`, [
      `Take that with --reference-at ${Math.round(elsewhere.x)},${Math.round(elsewhere.y)}, if it is the coin.`,
    ]);
  const best = seen[0];
  const instead = best
    ? `the roundest thing is ${describe(best)}, but its edge shows in ${Math.round(best.seen * 100)} % of the directions only`
    : 'nothing round was seen';
  return notFound(searched, instead, ['Lay it flat, on a ground of another color.']);
}
