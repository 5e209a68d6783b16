import type {Frame} from '../../frame.ts';
import type {Kernels} from '../../kernels/kernels.ts';
import {borderContact} from '../border-contact.ts';
import {countCrowd} from '../crowd.ts';
import {momentsOf} from '../moments.ts';
import {reachesBorder, type SolidShape} from '../shape.ts';
import type {Things} from '../things.ts';
import {distanceThreshold} from '../threshold.ts';
import {countTouching} from '../touching.ts';
import {cellsOf, emptyMask, hasCell, type Mask, maskOfShape, runsOf, setCell} from './cell-mask.ts';
import {outlineByEdges} from './contour/by-edges.ts';
import {type Deviation, deviationFrom} from './deviation.ts';
import {covarianceOf, inverseOf, meanOf, squareOf, sumOf, times} from './metric.ts';
import {close, dilate, erode, intersection, open, union} from './morphology.ts';
import {quickselect} from './quickselect.ts';
import {largestRegion, type Region, thingsWithin} from './regions.ts';
import {isDarker, isShade, isShadowLike} from './shadow.ts';
import {separateShadow, withoutShadow} from './split-shadow.ts';
import {fitSurface} from './surface.ts';

/** A grain found on a background that is not black. */
export interface FoundOnBackground {
  shape: SolidShape;
  /** Number of grain-like objects. */
  objects: number;
  /** Number of other things that are no grains. */
  others: number;
  /** Whether it reaches the frame's border, and may be cut off. */
  atBorder: boolean;
  /** How many of its cells lie along the border. */
  contact: number;
  /** Whether it had a shadow, which was cut off by its color. */
  shadow?: true;
}

/** A region that covers less of the frame counts as background texture. */
const MIN_COVER = 0.0008;
/** A bright region smaller than this share of the whole region is a highlight on a dark object. */
const MIN_BRIGHT_SHARE = 0.2;
/** If the background's noise is more than this share of the grain's contrast, smoothed values are used. */
const SMOOTHING_NOISE = 0.12;
/** The grain's threshold is at least this many standard deviations of the texture, but at most half of the contrast. */
const NOISE_FACTOR = 3;
/** The palest share of a grain on a bright background, which sets its threshold. */
const PALE_QUANTILE = 0.1;
/** How many cells the grain may reach beyond the first detection. */
const REACH = 4;
/** The same for a grain that is darker than a flat background. */
const FLAT_REACH = 1;
/** A grain may be nearly as bright as its background: cells this many levels above the texture count as foreground. */
const FAINT = 4;
/** A background with at most this spread, in levels, is flat. */
const FLAT = 5;
/** Mean distance in levels below which brightness hardly separates a grain from a flat background. */
const FAINT_CONTRAST = 60;
/** At most this share of a faint grain may be as dark as a shadow. */
const MAX_SHADE_SHARE = 0.02;
/** Radius in cells of the closing that fills gaps in a pale grain's outline. */
const CLOSING_RADIUS = 2;
/** Radius in cells of the opening that removes the rest of a shadow's edge. */
const OPENING_RADIUS = 2;
/** Share of a grain that may look like a shadow that was left out. */
const MOST_ADDED_SHADE = 0.02;
/** A ground is bright if all of its channels are at least. */
const BRIGHT = 150;
/** Cells of a grain whose edges can be told from its inside. */
const LEAST_TRACED = 200;
/** Cells beside an outline that still belong to its edge. */
const BESIDE = 3;
/** An object counts as grain-like if it has at least this share of the grain's area. */
const OBJECT_SHARE = 0.1;

/**
 * Finds a grain on any background. If none stands out from the whole border, searches for one that stands out from most of
 * it, since another object may cover a part of the border. An object at the border is then not accepted as the grain: it
 * may as well be the background.
 *
 * @param cells one pixel per cell
 * @param margin empty cells around the shape
 */
export function findOnBackground(cells: Frame, margin: number, kernels: Kernels): FoundOnBackground | undefined {
  const deviation = deviationFrom(fitSurface(cells), cells, kernels);
  const usual = findIn(deviation, margin);
  if (usual) return withEdges(deviation, usual, margin);
  const quiet = {...deviation, spread: deviation.quietSpread};
  const found = findIn(quiet, margin);
  if (found && !found.atBorder) return withEdges(quiet, found, margin);
  return isBright(deviation) ? foundByEdges(quiet, margin) : undefined;
}

/**
 * On a bright ground, draws the outline of one grain along its edges where these are sharper than what was found by color:
 * a shadow, or a part of the grain that is as bright as the ground.
 */
function withEdges(deviation: Deviation, found: FoundOnBackground, margin: number): FoundOnBackground {
  const {shape, atBorder, shadow} = found;
  const moments = momentsOf(shape);
  if (atBorder || moments.area < LEAST_TRACED || !isBright(deviation)) return found;
  if (countTouching(shape, moments) > 1) return found;
  const traced = outlineByEdges(deviation, shape, margin);
  if (!traced || (shadow && addsShadow(deviation, maskOfShape(shape, deviation), traced))) return found;
  return {...found, shape: traced, ...thingsBeside(deviation, traced)};
}

/** A grain that nothing but its edges shows. */
function foundByEdges(deviation: Deviation, margin: number): FoundOnBackground | undefined {
  const shape = outlineByEdges(deviation, undefined, margin);
  if (!shape || momentsOf(shape).area < LEAST_TRACED) return undefined;
  return {shape, atBorder: false, contact: 0, ...thingsBeside(deviation, shape)};
}

/** Whether an outline takes in what looks like a shadow and was left out by color: a hard shadow has sharp edges too. */
function addsShadow(deviation: Deviation, own: Mask, shape: SolidShape): boolean {
  const {width} = deviation;
  const cells = cellsOf(maskOfShape(shape, deviation));
  let added = 0;
  for (const cell of cells) {
    const x = cell % width;
    if (!hasCell(own, x, (cell - x) / width) && isShade(deviation, cell) && isShadowLike(deviation, cell)) added++;
  }
  return added > MOST_ADDED_SHADE * cells.length;
}

/** Whether the ground is bright, in the middle of the frame. */
function isBright({surface, width, height}: Deviation): boolean {
  const i = ((height >> 1) * width + (width >> 1)) * 3;
  return Math.min(surface[i], surface[i + 1], surface[i + 2]) >= BRIGHT;
}

/** What else there is, apart from the grain and its shadow. */
function thingsBeside(deviation: Deviation, shape: SolidShape): Pick<Things, 'objects' | 'others'> {
  const own = maskOfShape(shape, deviation);
  const around = dilate(own, BESIDE);
  const all = objectsOf(deviation) ?? own;
  const rest = emptyMask(deviation.width, deviation.height);
  for (const cell of cellsOf(all)) {
    const x = cell % deviation.width;
    const y = (cell - x) / deviation.width;
    if (!hasCell(around, x, y) && !isShadowLike(deviation, cell)) setCell(rest, x, y);
  }
  const both = union(own, open(rest, 1));
  return thingsWithin(both, both, OBJECT_SHARE * momentsOf(shape).area);
}

/**
 * Finds a grain under any lighting: the background is a smooth surface; cells that deviate from it by more than its
 * texture, without shadows, are the first detection; the outline is then refined by the colors of grain and background.
 *
 * @param margin empty cells around the shape
 */
function findIn(deviation: Deviation, margin: number): FoundOnBackground | undefined {
  const {width, height} = deviation;
  const minArea = MIN_COVER * width * height;
  const foreground = objectsOf(deviation);
  const all = foreground && largestRegion(close(foreground, CLOSING_RADIUS), margin, minArea);
  const lit = unshadowedObjectsOf(deviation);
  const unshadowed = lit && largestRegion(lit, margin, minArea);
  const bright =
    unshadowed &&
    !isDarker(deviation, cellsOf(unshadowed.mask)) &&
    unshadowed.area >= MIN_BRIGHT_SHARE * (all?.area ?? 0);
  if (all && foreground && !bright)
    return withCrowd(darkGrain(deviation, all, foreground, margin, minArea), foreground);
  if (!unshadowed || !lit) return undefined;
  const grain = grainCells(deviation, cellsOf(erode(unshadowed.mask, 1)), () => 1);
  const bare = largestRegion(intersection(grain, dilate(unshadowed.mask, REACH)), margin, minArea) ?? unshadowed;
  const region = all ? withFaintParts(deviation, bare, all, margin, minArea) : bare;
  return withCrowd(foundRegion(region, thingsWithin(grain, lit, OBJECT_SHARE * region.area), deviation, margin), lit);
}

/** Counts the grains beside something larger that is not one. */
function withCrowd(found: FoundOnBackground, objects: Mask): FoundOnBackground {
  return {...found, objects: Math.max(found.objects, countCrowd(runsOf(objects)))};
}

function foundRegion(
  {shape}: Region,
  {objects, others}: Pick<Things, 'objects' | 'others'>,
  grid: Deviation,
  margin: number,
): FoundOnBackground {
  // Closing drops this many cells along the border.
  const atBorder = reachesBorder(shape, grid, margin, CLOSING_RADIUS);
  const contact = atBorder ? borderContact(shape, grid, margin, CLOSING_RADIUS) : 0;
  return {shape, objects, others, atBorder, contact};
}

/** Whether a region is so close in brightness to a flat background that a grain may be partly brighter, partly darker. */
function isFaint(deviation: Deviation, {mask}: Region): boolean {
  if (deviation.spread > FLAT) return false;
  const cells = cellsOf(mask);
  const contrast = cells.reduce((sum, cell) => sum + deviation.distances[cell], 0) / cells.length;
  return (
    contrast < FAINT_CONTRAST &&
    cells.filter((cell) => isShade(deviation, cell)).length <= MAX_SHADE_SHARE * cells.length
  );
}

/** For a faint grain without a shadow, adds all parts of the region that deviate from the background. */
function withFaintParts(deviation: Deviation, bare: Region, all: Region, margin: number, minArea: number): Region {
  if (!isFaint(deviation, all)) return bare;
  // Averaging over neighbors has widened the region by one cell.
  const whole = union(intersection(bare.mask, all.mask), erode(all.mask, 1));
  return largestRegion(whole, margin, minArea) ?? bare;
}

/** Finds a grain that is darker than its background; the region includes its shadow, if it has one. */
function darkGrain(
  deviation: Deviation,
  all: Region,
  foreground: Mask,
  margin: number,
  minArea: number,
): FoundOnBackground {
  const parts = separateShadow(deviation, all.mask);
  const grain = grainCells(deviation, parts?.bright ?? cellsOf(erode(all.mask, 1)), paleShare);
  // On a flat background the first detection is complete, and cells further out are noise.
  const reach = deviation.spread > FLAT ? REACH : FLAT_REACH;
  const near = close(intersection(grain, dilate(all.mask, reach)), parts ? 0 : CLOSING_RADIUS);
  // A thin arc of the shadow's edge is left; it must be removed before the outline could close around it.
  const bare = parts ? open(withoutShadow(deviation, near, parts), OPENING_RADIUS) : near;
  const region = largestRegion(bare, margin, minArea, parts !== undefined) ?? all;
  const found = foundRegion(region, thingsWithin(grain, foreground, OBJECT_SHARE * region.area), deviation, margin);
  return parts ? {...found, shadow: true} : found;
}

/** Cells that deviate enough to belong to an object or its shadow. */
function objectsOf({distances, spread, width, height}: Deviation): Mask | undefined {
  if (!distanceThreshold(histogramOf(distances), spread)) return undefined;
  return above(distances, Math.max(FAINT, spread + FAINT), width, height);
}

/** Cells that deviate enough to belong to an object and do not look like a shadow. */
function unshadowedObjectsOf(deviation: Deviation): Mask | undefined {
  const {width, height, spread} = deviation;
  const distances = deviation.distances.slice();
  for (let cell = 0; cell < distances.length; cell++) if (isShadowLike(deviation, cell)) distances[cell] = 0;
  const found = distanceThreshold(histogramOf(distances), spread);
  return found && above(distances, found.threshold, width, height);
}

function histogramOf(distances: Uint8Array): Uint32Array {
  const histogram = new Uint32Array(256);
  for (let cell = 0; cell < distances.length; cell++) histogram[distances[cell]]++;
  return histogram;
}

function above(distances: Uint8Array, threshold: number, width: number, height: number): Mask {
  const mask = emptyMask(width, height);
  for (let y = 0, cell = 0; y < height; y++)
    for (let x = 0; x < width; x++, cell++) if (distances[cell] > threshold) setCell(mask, x, y);
  return mask;
}

/**
 * Cells that are nearer to the grain's color than to the background's along Fisher's linear discriminant (1936), the
 * direction that separates the two best in spite of the variation within each.
 *
 * @param core cells that certainly belong to the grain
 * @param fullShare from the projections of the core cells (0 is the background's color, 1 their mean), the one that counts as
 *   all grain
 */
function grainCells(
  {raw, smooth, texture, width, height}: Deviation,
  core: Int32Array,
  fullShare: (shares: Float64Array) => number,
): Mask {
  const mean = meanOf(raw, core);
  const weights = times(inverseOf(sumOf(texture, covarianceOf(raw, core, mean), 1)), mean);
  const way = weights[0] * mean[0] + weights[1] * mean[1] + weights[2] * mean[2];
  const [red, green, blue] = weights;
  const noise = Math.sqrt(squareOf(texture, ...weights)) / way;
  const shares = new Float64Array(core.length);
  for (let k = 0; k < core.length; k++) {
    const i = core[k] * 3;
    shares[k] = (red * smooth[i] + green * smooth[i + 1] + blue * smooth[i + 2]) / way;
  }
  const threshold = Math.max(fullShare(shares) / 2, Math.min(0.5, NOISE_FACTOR * noise));
  const values = noise > SMOOTHING_NOISE ? smooth : raw;
  const grain = emptyMask(width, height);
  for (let y = 0, i = 0; y < height; y++)
    for (let x = 0; x < width; x++, i += 3) {
      const share = (red * values[i] + green * values[i + 1] + blue * values[i + 2]) / way;
      if (share > threshold) setCell(grain, x, y);
    }
  return grain;
}

/** On a bright background the grain's pale parts may be hardly darker, so they, not the mean, set the threshold. */
function paleShare(shares: Float64Array): number {
  if (shares.length === 0) return 1;
  return Math.min(1, quickselect(shares, Math.floor(PALE_QUANTILE * shares.length)));
}
