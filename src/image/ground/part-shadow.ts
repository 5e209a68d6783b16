import type {Deviation} from './deviation.ts';
import {covarianceOf, inverseOf, meanOf, type Rgb, type Symmetric, squareOf, sumOf} from './metric.ts';
import {both, countOf, erode, type Mask} from './morphology.ts';
import {meanLight, shadowLike} from './shadow.ts';

/** Two parts beside each other are plainly two from this share of the region's variance on that is between them. */
const TWO_PARTS = 0.7;
/** How far the middles of two parts are apart, in sides of a square of the region's area: a rim is around, a shadow beside. */
const ASIDE = 0.21;
const FAR_ASIDE = 0.3;
/** Each of them is at least this share of the region. */
const PART_SHARE = 0.04;
/** How many times as far from the ground's colour as the grain its shadow is at least. */
const DARKER = 1.6;
/** It takes at least this share of the light: a grain's own dark side on white takes up to a quarter. */
const DEPTH = 0.28;
/** The same where the grain's colour is lost with the light. */
const DEPTH_WITHOUT_COLOUR = 0.23;
/** From so many levels on, a grain has a colour of its own. */
const COLOURED = 8;
/** After these the parts stand still, or nearly. */
const ROUNDS = 12;
/** Noise in levels that no colour is told apart below. */
const NOISE = 3;
/** How many times the noise a grain's colour differs from a shadow's, for the colour to decide. */
const PLAIN_COLOUR = 3;

/** A grain and its shadow, without the line between them. */
export interface Parts {
  bright: Mask;
  dark: Mask;
}

/**
 * Takes the shadow out of a grain's region on a ground that is brighter than the grain. A shadow runs from the ground's
 * colour straight towards black, a grain is about one colour; where that lies on the shadow's way, the shadow is what is
 * much darker.
 */
export function withoutShadow({smooth, width, height}: Deviation, region: Mask, {bright, dark}: Parts): Mask {
  const grain = meanOf(smooth, bright);
  const shadow = meanOf(smooth, dark);
  const metric = inverseOf(sumOf(covarianceOf(smooth, bright.cells, grain), [0, 0, 0, 0, 0, 0], NOISE * NOISE));
  const coloured = toLine(metric, grain, shadow) > PLAIN_COLOUR * PLAIN_COLOUR;
  const cells = new Uint8Array(width * height);
  for (let cell = 0, i = 0; cell < cells.length; cell++, i += 3) {
    if (region.cells[cell] === 0) continue;
    const value: Rgb = [smooth[i], smooth[i + 1], smooth[i + 2]];
    const own = apart(metric, value, grain);
    cells[cell] = own < (coloured ? toLine(metric, value, shadow) : apart(metric, value, shadow)) ? 1 : 0;
  }
  return {width, height, cells};
}

/** Splits a region by its cells' colours into two parts, if it has two (k-means, Lloyd 1982). */
export function partInTwo(deviation: Deviation, whole: Mask): Parts | undefined {
  const {smooth: values} = deviation;
  const region = erode(whole, 2);
  const total = countOf(region);
  if (total === 0) return undefined;
  const middle = meanOf(values, region);
  const {width, height} = region;
  let bright = maskWhere(region, (i) => values[i] + values[i + 1] + values[i + 2] >= middle[0] + middle[1] + middle[2]);
  let dark: Mask = bright;
  for (let round = 0; round < ROUNDS; round++) {
    dark = {width, height, cells: region.cells.map((cell, i) => cell & (1 - bright.cells[i]))};
    if (Math.min(countOf(bright), countOf(dark)) < PART_SHARE * total) return undefined;
    const [a, b] = [meanOf(values, bright), meanOf(values, dark)];
    bright = maskWhere(region, (i) => nearer(values, i, a, b));
  }
  return isShadow(deviation, region, {bright, dark}) ? {bright, dark} : undefined;
}

/** Whether the dark part of a region is its shadow: much darker, of the ground's colour, and set apart or to one side. */
function isShadow(deviation: Deviation, region: Mask, {bright, dark}: Parts): boolean {
  const {smooth} = deviation;
  const [a, b] = [meanOf(smooth, bright), meanOf(smooth, dark)];
  if (dot(b, b) < DARKER * DARKER * dot(a, a)) return false;
  if (countOf(both(dark, shadowLike(deviation))) < countOf(dark) / 2) return false;
  const depth = -meanLight(deviation, dark);
  if (depth >= DEPTH_WITHOUT_COLOUR && losesColour(meanOf(deviation.surface, region), a, b)) return true;
  if (depth < DEPTH) return false;
  const between = betweenShare(smooth, region, countOf(bright) / countOf(region), a, b);
  const [one, other] = [centreOf(bright), centreOf(dark)];
  const aside = Math.sqrt(
    ((one.x - other.x) * (one.x - other.x) + (one.y - other.y) * (one.y - other.y)) / countOf(region),
  );
  return aside >= FAR_ASIDE || (aside >= ASIDE && between >= TWO_PARTS);
}

/** Whether the bright part's colour is not the ground's, but the dark part's is: shade on a grain keeps its colour. */
function losesColour(ground: Rgb, bright: Rgb, dark: Rgb): boolean {
  const [own, other] = [bright, dark].map((value) => {
    const light = dot(value, ground) / dot(ground, ground);
    const colour: Rgb = [value[0] - light * ground[0], value[1] - light * ground[1], value[2] - light * ground[2]];
    return dot(colour, colour);
  });
  return own >= COLOURED * COLOURED && other < own / 9;
}

/** The share of a region's variance along the way from one part's colour to the other's that is between the two. */
function betweenShare(values: Float32Array, region: Mask, share: number, a: Rgb, b: Rgb): number {
  const way: Rgb = [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
  const middle = meanOf(values, region);
  let variance = 0;
  for (let cell = 0, i = 0; cell < region.cells.length; cell++, i += 3) {
    if (region.cells[cell] === 0) continue;
    let along = 0;
    for (let c = 0; c < 3; c++) along += (values[i + c] - middle[c]) * way[c];
    variance += along * along;
  }
  const length = dot(way, way);
  return (share * (1 - share) * length * length * countOf(region)) / variance;
}

function centreOf({width, cells}: Mask): {x: number; y: number} {
  let [x, y, count] = [0, 0, 0];
  for (let cell = 0; cell < cells.length; cell++) {
    if (cells[cell] === 0) continue;
    x += cell % width;
    y += Math.floor(cell / width);
    count++;
  }
  return {x: x / count, y: y / count};
}

function maskWhere({width, height, cells}: Mask, holds: (i: number) => boolean): Mask {
  return {width, height, cells: cells.map((cell, i) => (cell === 1 && holds(i * 3) ? 1 : 0))};
}

function nearer(values: Float32Array, i: number, a: Rgb, b: Rgb): boolean {
  let difference = 0;
  for (let c = 0; c < 3; c++) {
    const [toA, toB] = [values[i + c] - a[c], values[i + c] - b[c]];
    difference += toA * toA - toB * toB;
  }
  return difference < 0;
}

function dot(a: Rgb, b: Rgb): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

/** Square of the distance between two colours. */
function apart(metric: Symmetric, a: Rgb, b: Rgb): number {
  return squareOf(metric, a[0] - b[0], a[1] - b[1], a[2] - b[2]);
}

/** Square of the distance from the nearest colour between the ground's, which is 0, and the shadow's. */
function toLine(metric: Symmetric, value: Rgb, shadow: Rgb): number {
  const length = squareOf(metric, ...shadow);
  // The product of both by the metric, out of the squares of sum and difference.
  const along =
    (squareOf(metric, value[0] + shadow[0], value[1] + shadow[1], value[2] + shadow[2]) -
      apart(metric, value, shadow)) /
    4;
  const share = Math.max(0, Math.min(1, along / Math.max(1e-9, length)));
  return squareOf(metric, value[0] - share * shadow[0], value[1] - share * shadow[1], value[2] - share * shadow[2]);
}
