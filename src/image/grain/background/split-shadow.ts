import {cellsOf, emptyMask, type Mask, setCell} from './cell-mask.ts';
import type {Deviation} from './deviation.ts';
import {covarianceOf, inverseOf, meanOf, type Rgb, squareOf, sumOf, times} from './metric.ts';
import {erode} from './morphology.ts';
import {isShadowLike, meanLight} from './shadow.ts';
import {type Parts, splitInTwo} from './two-colors.ts';

/** Two parts beside each other are plainly two from this share of the region's variance on that is between them. */
const TWO_PARTS = 0.7;
/** How far the middles of two parts are apart, in sides of a square of the region's area: a rim is around, a shadow beside. */
const ASIDE = 0.21;
const FAR_ASIDE = 0.3;
/** How many times as far from the background's color as the grain its shadow is at least. */
const DARKER = 1.6;
/** It takes at least this share of the light: a grain's own dark side on white takes up to a quarter. */
const DEPTH = 0.28;
/** The same where the grain's color is lost with the light. */
const DEPTH_WITHOUT_COLOR = 0.23;
/** From so many levels on, a grain has a color of its own. */
const COLORED = 8;
/** Noise in levels that no color is told apart below. */
const NOISE = 3;
/** How many times the noise a grain's color differs from a shadow's, for the color to decide. */
const PLAIN_COLOR = 3;

/**
 * Takes the shadow out of a grain's region on a background that is brighter than the grain. A shadow runs from the background's
 * color straight towards black, a grain is about one color; where that lies on the shadow's way, the shadow is what is
 * much darker.
 */
export function withoutShadow({smooth, width, height}: Deviation, region: Mask, {bright, dark}: Parts): Mask {
  const grain = meanOf(smooth, bright);
  const shadow = meanOf(smooth, dark);
  const metric = inverseOf(sumOf(covarianceOf(smooth, bright, grain), [0, 0, 0, 0, 0, 0], NOISE * NOISE));
  const [red, green, blue] = times(metric, shadow);
  const length = Math.max(1e-9, squareOf(metric, ...shadow));
  /** How far a color is on the way from the background's, which is 0, to the shadow's. */
  const shareOf = (r: number, g: number, b: number) =>
    Math.max(0, Math.min(1, (red * r + green * g + blue * b) / length));
  const onWay = shareOf(...grain);
  const aside = squareOf(
    metric,
    grain[0] - onWay * shadow[0],
    grain[1] - onWay * shadow[1],
    grain[2] - onWay * shadow[2],
  );
  const colored = aside > PLAIN_COLOR * PLAIN_COLOR;
  const kept = emptyMask(width, height);
  for (const cell of cellsOf(region)) {
    const [r, g, b] = [smooth[cell * 3], smooth[cell * 3 + 1], smooth[cell * 3 + 2]];
    const share = colored ? shareOf(r, g, b) : 1;
    const own = squareOf(metric, r - grain[0], g - grain[1], b - grain[2]);
    const other = squareOf(metric, r - share * shadow[0], g - share * shadow[1], b - share * shadow[2]);
    if (own < other) setCell(kept, cell % width, Math.floor(cell / width));
  }
  return kept;
}

/** A region's grain and its shadow, without the line between them; undefined where it is a grain alone. */
export function partInTwo(deviation: Deviation, whole: Mask): Parts | undefined {
  const region = cellsOf(erode(whole, 2));
  const parts = splitInTwo(deviation.smooth, region);
  return parts && isShadow(deviation, region, parts) ? parts : undefined;
}

/** Whether the dark part of a region is its shadow: much darker, of the background's color, and set apart or to one side. */
function isShadow(deviation: Deviation, region: Int32Array, {bright, dark}: Parts): boolean {
  const {smooth} = deviation;
  const [a, b] = [meanOf(smooth, bright), meanOf(smooth, dark)];
  if (dot(b, b) < DARKER * DARKER * dot(a, a)) return false;
  if (dark.filter((cell) => isShadowLike(deviation, cell)).length < dark.length / 2) return false;
  const depth = -meanLight(deviation, dark);
  if (depth >= DEPTH_WITHOUT_COLOR && losesColor(meanOf(deviation.surface, region), a, b)) return true;
  if (depth < DEPTH) return false;
  const between = betweenShare(smooth, region, bright.length / region.length, a, b);
  const [one, other] = [centreOf(bright, deviation.width), centreOf(dark, deviation.width)];
  const aside = Math.sqrt(
    ((one.x - other.x) * (one.x - other.x) + (one.y - other.y) * (one.y - other.y)) / region.length,
  );
  return aside >= FAR_ASIDE || (aside >= ASIDE && between >= TWO_PARTS);
}

/** Whether the bright part's color is not the background's, but the dark part's is: shade on a grain keeps its color. */
function losesColor(background: Rgb, bright: Rgb, dark: Rgb): boolean {
  const [own, other] = [bright, dark].map((value) => {
    const light = dot(value, background) / dot(background, background);
    const color: Rgb = [
      value[0] - light * background[0],
      value[1] - light * background[1],
      value[2] - light * background[2],
    ];
    return dot(color, color);
  });
  return own >= COLORED * COLORED && other < own / 9;
}

/** The share of a region's variance along the way from one part's color to the other's that is between the two. */
function betweenShare(values: Float32Array, region: Int32Array, share: number, a: Rgb, b: Rgb): number {
  const way: Rgb = [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
  const middle = meanOf(values, region);
  let variance = 0;
  for (let k = 0; k < region.length; k++) {
    let along = 0;
    for (let c = 0; c < 3; c++) along += (values[region[k] * 3 + c] - middle[c]) * way[c];
    variance += along * along;
  }
  const length = dot(way, way);
  return (share * (1 - share) * length * length * region.length) / variance;
}

function centreOf(cells: Int32Array, width: number): {x: number; y: number} {
  let [x, y] = [0, 0];
  for (let k = 0; k < cells.length; k++) {
    const row = Math.floor(cells[k] / width);
    x += cells[k] - row * width;
    y += row;
  }
  return {x: x / cells.length, y: y / cells.length};
}

function dot(a: Rgb, b: Rgb): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}
