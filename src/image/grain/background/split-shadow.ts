import {cellsOf, emptyMask, type Mask, setCell} from './cell-mask.ts';
import type {Deviation} from './deviation.ts';
import {covarianceOf, inverseOf, meanOf, type Rgb, squareOf, sumOf, times} from './metric.ts';
import {erode} from './morphology.ts';
import {isShadowLike, meanLight} from './shadow.ts';
import {type Parts, splitInTwo} from './two-colors.ts';

/** Two parts are distinct if at least this share of the region's variance is between them. */
const DISTINCT_SHARE = 0.7;
/**
 * Least distance between the centroids of the two parts, in sides of a square of the region's area: a shadow lies beside
 * the grain, a dark rim around it.
 */
const MIN_DISTANCE = 0.21;
const SURE_DISTANCE = 0.3;
/** A shadow is at least this many times as far from the background's color as the grain. */
const DISTANCE_RATIO = 1.6;
/** A shadow darkens by at least this share: a grain's own dark side on white darkens by up to a quarter. */
const MIN_DEPTH = 0.28;
/** The same if the dark part has lost the grain's color. */
const MIN_DEPTH_WITHOUT_COLOR = 0.23;
/** Color difference in levels from which a grain has a color of its own. */
const COLORED = 8;
/** Noise in levels, below which colors cannot be distinguished. */
const NOISE = 3;
/** Color decides if a grain's color differs from a shadow's by at least this many times the noise. */
const COLOR_FACTOR = 3;

/**
 * Removes the shadow from a grain's region on a background that is brighter than the grain. The colors of a shadow lie on a
 * line from the background's color towards black; a grain has about one color. If that lies on the line too, the much
 * darker part is the shadow.
 */
export function withoutShadow({smooth, width, height}: Deviation, region: Mask, {bright, dark}: Parts): Mask {
  const grain = meanOf(smooth, bright);
  const shadow = meanOf(smooth, dark);
  const metric = inverseOf(sumOf(covarianceOf(smooth, bright, grain), [0, 0, 0, 0, 0, 0], NOISE * NOISE));
  const [red, green, blue] = times(metric, shadow);
  const length = Math.max(1e-9, squareOf(metric, ...shadow));
  /** Projection of a color on the line from the background's (0) to the shadow's (1). */
  const shareOf = (r: number, g: number, b: number) =>
    Math.max(0, Math.min(1, (red * r + green * g + blue * b) / length));
  const grainShare = shareOf(...grain);
  const aside = squareOf(
    metric,
    grain[0] - grainShare * shadow[0],
    grain[1] - grainShare * shadow[1],
    grain[2] - grainShare * shadow[2],
  );
  const colored = aside > COLOR_FACTOR * COLOR_FACTOR;
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

/** Splits a region into grain and shadow, without the cells between them; undefined if there is no shadow. */
export function separateShadow(deviation: Deviation, whole: Mask): Parts | undefined {
  const region = cellsOf(erode(whole, 2));
  const parts = splitInTwo(deviation.smooth, region);
  return parts && isShadow(deviation, region, parts) ? parts : undefined;
}

/** Whether the dark part of a region is a shadow: much darker, of the background's color, and beside the grain. */
function isShadow(deviation: Deviation, region: Int32Array, {bright, dark}: Parts): boolean {
  const {smooth} = deviation;
  const [a, b] = [meanOf(smooth, bright), meanOf(smooth, dark)];
  if (dot(b, b) < DISTANCE_RATIO * DISTANCE_RATIO * dot(a, a)) return false;
  if (dark.filter((cell) => isShadowLike(deviation, cell)).length < dark.length / 2) return false;
  const depth = -meanLight(deviation, dark);
  if (depth >= MIN_DEPTH_WITHOUT_COLOR && losesColor(meanOf(deviation.surface, region), a, b)) return true;
  if (depth < MIN_DEPTH) return false;
  const between = betweenShare(smooth, region, bright.length / region.length, a, b);
  const [one, other] = [centerOf(bright, deviation.width), centerOf(dark, deviation.width)];
  const aside = Math.sqrt(
    ((one.x - other.x) * (one.x - other.x) + (one.y - other.y) * (one.y - other.y)) / region.length,
  );
  return aside >= SURE_DISTANCE || (aside >= MIN_DISTANCE && between >= DISTINCT_SHARE);
}

/** Whether only the bright part's hue differs from the background's: a grain's own dark side would keep its color. */
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

/** Between-class share of a region's variance along the line between the colors of its two parts. */
function betweenShare(values: Float32Array, region: Int32Array, share: number, a: Rgb, b: Rgb): number {
  const direction: Rgb = [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
  const middle = meanOf(values, region);
  let variance = 0;
  for (let k = 0; k < region.length; k++) {
    let along = 0;
    for (let c = 0; c < 3; c++) along += (values[region[k] * 3 + c] - middle[c]) * direction[c];
    variance += along * along;
  }
  const length = dot(direction, direction);
  return (share * (1 - share) * length * length * region.length) / variance;
}

function centerOf(cells: Int32Array, width: number): {x: number; y: number} {
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
