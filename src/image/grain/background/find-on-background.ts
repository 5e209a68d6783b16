import type {Frame} from '../../frame.ts';
import type {Kernels} from '../../kernels/kernels.ts';
import {reachesBorder, type SolidShape} from '../shape.ts';
import {distanceThreshold} from '../threshold.ts';
import {cellsOf, emptyMask, type Mask, setCell} from './cell-mask.ts';
import {type Deviation, deviationFrom} from './deviation.ts';
import {covarianceOf, inverseOf, meanOf, squareOf, sumOf, times} from './metric.ts';
import {both, close, dilate, either, erode, open} from './morphology.ts';
import {quickselect} from './quickselect.ts';
import {countRegions, largestRegion, type Region} from './regions.ts';
import {isDarker, isShade, isShadowLike} from './shadow.ts';
import {partInTwo, withoutShadow} from './split-shadow.ts';
import {fitSurface} from './surface.ts';

/** What was found on a background that is not simply black. */
export interface FoundOnBackground {
  shape: SolidShape;
  /** Number of objects like it. */
  objects: number;
  /** Whether it reaches the frame's border, and may go on beyond it. */
  atBorder: boolean;
}

/** A region that covers less of the frame is taken for a part of the background's texture. */
const LEAST_COVER = 0.0008;
/** What is bright and less than this share of all that deviates is a glint on something dark. */
const LIT_SHARE = 0.2;
/** Background that varies by more than this share of the grain's contrast is smoothed. */
const LOUD = 0.12;
/** No grain begins below so many standard deviations of the background's texture, unless that is beyond the middle. */
const NOISES = 3;
/** This share of a grain on bright background counts as pale. */
const PALE_QUANTILE = 0.1;
/** How many cells beyond what was found at first the grain may reach. */
const REACH = 4;
/** The same for a grain that is darker than a flat background. */
const FLAT_REACH = 1;
/** On a bright background a grain may be nearly as bright: it begins at so many levels above the background's texture. */
const FAINT = 4;
/** A background whose border strays by no more levels is flat. */
const FLAT = 5;
/** Mean distance in levels below which a grain is hardly told from a flat background by brightness alone. */
const FAINT_CONTRAST = 60;
/** No more than this share of a faint grain may be as dark as a shadow. */
const SHADE_SHARE = 0.02;
/** Half the width in cells of the gaps in a pale grain's outline. */
const GAP = 2;
/** Half the width in cells of what is left of a shadow's edge. */
const ARC = 2;
/** An object counts as grain-like from this share of the grain's area on. */
const OBJECT_SHARE = 0.1;

/**
 * Finds a grain on any background; where none stands out from all of the border, one that stands out from most of it, which
 * something else may lie over. What lies over the border then is not taken for the grain: it may as well be the background.
 *
 * @param cells one pixel a cell
 * @param margin empty cells around the shape
 */
export function findOnBackground(cells: Frame, margin: number, kernels: Kernels): FoundOnBackground | undefined {
  const deviation = deviationFrom(fitSurface(cells), cells, kernels);
  const usual = findIn(deviation, margin);
  if (usual) return usual;
  const found = findIn({...deviation, spread: deviation.quietSpread}, margin);
  return found && !found.atBorder ? found : undefined;
}

/**
 * Finds a grain by its background, lit in any way: the background as a smooth surface, what deviates from it by more than the
 * background's own texture, shadows apart; and in what was found the line between the two colors, drawn anew.
 *
 * @param margin empty cells around the shape
 */
function findIn(deviation: Deviation, margin: number): FoundOnBackground | undefined {
  const {width, height} = deviation;
  const leastArea = LEAST_COVER * width * height;
  const everything = objectsOf(deviation);
  const all = everything && largestRegion(close(everything, GAP), margin, leastArea);
  const lit = unshadowedObjectsOf(deviation);
  const unshadowed = lit && largestRegion(lit, margin, leastArea);
  const bright =
    unshadowed && !isDarker(deviation, cellsOf(unshadowed.mask)) && unshadowed.area >= LIT_SHARE * (all?.area ?? 0);
  if (all && everything && !bright) return darkGrain(deviation, all, everything, margin, leastArea);
  if (!unshadowed || !lit) return undefined;
  const grain = grainCells(deviation, cellsOf(erode(unshadowed.mask, 1)), () => 1);
  const bare = largestRegion(both(grain, dilate(unshadowed.mask, REACH)), margin, leastArea) ?? unshadowed;
  const region = all ? withFaintParts(deviation, bare, all, margin, leastArea) : bare;
  return foundAs(region, countRegions(grain, lit, OBJECT_SHARE * region.area), deviation, margin);
}

function foundAs({shape}: Region, objects: number, grid: Deviation, margin: number): FoundOnBackground {
  // Closing gaps leaves out as many cells along the border.
  return {shape, objects: Math.max(1, objects), atBorder: reachesBorder(shape, grid, margin, GAP)};
}

/** Whether what was found is hardly brighter or darker than a flat background, so that parts of a grain are the one and others the other. */
function isFaint(deviation: Deviation, {mask}: Region): boolean {
  if (deviation.spread > FLAT) return false;
  const cells = cellsOf(mask);
  const contrast = cells.reduce((sum, cell) => sum + deviation.distances[cell], 0) / cells.length;
  return (
    contrast < FAINT_CONTRAST && cells.filter((cell) => isShade(deviation, cell)).length <= SHADE_SHARE * cells.length
  );
}

/** A grain nearly as bright as its background, without a shadow: whatever is not the background is the grain. */
function withFaintParts(deviation: Deviation, bare: Region, all: Region, margin: number, leastArea: number): Region {
  if (!isFaint(deviation, all)) return bare;
  // Averaging over neighbours has widened what was found by a cell.
  const whole = either(both(bare.mask, all.mask), erode(all.mask, 1));
  return largestRegion(whole, margin, leastArea) ?? bare;
}

/** A grain that is darker than its background: its shadow, if it has one, is part of what was found. */
function darkGrain(
  deviation: Deviation,
  all: Region,
  everything: Mask,
  margin: number,
  leastArea: number,
): FoundOnBackground {
  const parts = partInTwo(deviation, all.mask);
  const grain = grainCells(deviation, parts?.bright ?? cellsOf(erode(all.mask, 1)), paleShare);
  // On a flat background nothing was hidden, and what lies further out is noise.
  const reach = deviation.spread > FLAT ? REACH : FLAT_REACH;
  const near = close(both(grain, dilate(all.mask, reach)), parts ? 0 : GAP);
  // The shadow's own edge is left, a thin arc that must not close around it.
  const bare = parts ? open(withoutShadow(deviation, near, parts), ARC) : near;
  const region = largestRegion(bare, margin, leastArea, parts !== undefined) ?? all;
  return foundAs(region, countRegions(grain, everything, OBJECT_SHARE * region.area), deviation, margin);
}

/** Cells that deviate enough to belong to an object or its shadow. */
function objectsOf({distances, spread, width, height}: Deviation): Mask | undefined {
  if (!distanceThreshold(histogramOf(distances), spread)) return undefined;
  return above(distances, Math.max(FAINT, spread + FAINT), width, height);
}

/** Cells that deviate enough to belong to an object, and not as a shadow does. */
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
 * Cells that are nearer to the grain's color than to the background's, along the direction that tells the two apart best
 * (Fisher 1936): it leaves out of account how the background's texture and the grain itself vary.
 *
 * @param core cells that are the grain's for sure
 * @param full out of how far each of them has come from the background's color to their mean: how far is all grain
 */
function grainCells(
  {raw, smooth, texture, width, height}: Deviation,
  core: Int32Array,
  full: (shares: Float64Array) => number,
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
  const threshold = Math.max(full(shares) / 2, Math.min(0.5, NOISES * noise));
  const values = noise > LOUD ? smooth : raw;
  const grain = emptyMask(width, height);
  for (let y = 0, i = 0; y < height; y++)
    for (let x = 0; x < width; x++, i += 3) {
      const share = (red * values[i] + green * values[i + 1] + blue * values[i + 2]) / way;
      if (share > threshold) setCell(grain, x, y);
    }
  return grain;
}

/** On bright background a grain's pale parts may be hardly darker than that: they, not its mean, say where it ends. */
function paleShare(shares: Float64Array): number {
  if (shares.length === 0) return 1;
  return Math.min(1, quickselect(shares, Math.floor(PALE_QUANTILE * shares.length)));
}
