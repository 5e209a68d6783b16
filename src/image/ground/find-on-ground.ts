import type {Frame} from '../frame.ts';
import type {SolidShape} from '../shape.ts';
import {distanceThreshold} from '../threshold.ts';
import {type Deviation, deviationFrom} from './deviation.ts';
import {covarianceOf, inverseOf, meanOf, squareOf, sumOf, times} from './metric.ts';
import {both, close, dilate, erode, type Mask, open} from './morphology.ts';
import {partInTwo, withoutShadow} from './part-shadow.ts';
import {countRegions, largestRegion, type Region} from './regions.ts';
import {isDarker, shadowLike} from './shadow.ts';
import {fitSurface} from './surface.ts';

/** What was found on a ground that is not simply black. */
export interface FoundOnGround {
  shape: SolidShape;
  /** Number of objects like it. */
  objects: number;
}

/** A region that covers less of the frame is taken for a part of the ground's texture. */
const LEAST_COVER = 0.0008;
/** What is bright and less than this share of all that deviates is a glint on something dark. */
const LIT_SHARE = 0.2;
/** Ground that varies by more than this share of the grain's contrast is smoothed. */
const LOUD = 0.12;
/** No grain begins below so many standard deviations of the ground's texture, unless that is beyond the middle. */
const NOISES = 3;
/** This share of a grain on bright ground counts as pale. */
const PALE_QUANTILE = 0.1;
/** How many cells beyond what was found at first the grain may reach. */
const REACH = 4;
/** On a bright ground a grain may be nearly as bright: it begins at so many levels above the ground's texture. */
const FAINT = 4;
/** Half the width in cells of the gaps in a pale grain's outline. */
const GAP = 2;
/** Half the width in cells of what is left of a shadow's edge. */
const ARC = 2;
/** An object counts as grain-like from this share of the grain's area on. */
const OBJECT_SHARE = 0.1;

/**
 * Finds a grain on any ground, lit in any way: the ground as a smooth surface, what deviates from it by more than the
 * ground's own texture, shadows apart; and in what was found the line between the two colours, drawn anew.
 *
 * @param cells one pixel a cell
 * @param margin empty cells around the shape
 */
export function findOnGround(cells: Frame, margin: number): FoundOnGround | undefined {
  const deviation = deviationFrom(fitSurface(cells), cells);
  const {width, height} = deviation;
  const leastArea = LEAST_COVER * width * height;
  const everything = objectsOf(deviation, undefined);
  const all = everything && largestRegion(close(everything, GAP), margin, leastArea);
  const lit = objectsOf(deviation, shadowLike(deviation));
  const unshadowed = lit && largestRegion(lit, margin, leastArea);
  const bright = unshadowed && !isDarker(deviation, unshadowed.mask) && unshadowed.area >= LIT_SHARE * (all?.area ?? 0);
  if (all && everything && !bright) return darkGrain(deviation, all, everything, margin, leastArea);
  if (!unshadowed || !lit) return undefined;
  const grain = grainCells(deviation, erode(unshadowed.mask, 1), () => 1);
  const region = largestRegion(both(grain, dilate(unshadowed.mask, REACH)), margin, leastArea) ?? unshadowed;
  return {shape: region.shape, objects: Math.max(1, countRegions(grain, lit, OBJECT_SHARE * region.area))};
}

/** A grain that is darker than its ground: its shadow, if it has one, is part of what was found. */
function darkGrain(
  deviation: Deviation,
  all: Region,
  everything: Mask,
  margin: number,
  leastArea: number,
): FoundOnGround {
  const parts = partInTwo(deviation, all.mask);
  const grain = grainCells(deviation, parts?.bright ?? erode(all.mask, 1), paleShare);
  const near = close(both(grain, dilate(all.mask, REACH)), parts ? 0 : GAP);
  // The shadow's own edge is left, a thin arc that must not close around it.
  const bare = parts ? open(withoutShadow(deviation, near, parts), ARC) : near;
  const region = largestRegion(bare, margin, leastArea, parts !== undefined) ?? all;
  return {shape: region.shape, objects: Math.max(1, countRegions(grain, everything, OBJECT_SHARE * region.area))};
}

/** Cells that deviate enough to belong to an object; those of `except` never do. */
function objectsOf({distances, spread, width, height}: Deviation, except: Mask | undefined): Mask | undefined {
  const own = distances.slice();
  const histogram = new Uint32Array(256);
  for (let cell = 0; cell < own.length; cell++) {
    if (except?.cells[cell] === 1) own[cell] = 0;
    histogram[own[cell]]++;
  }
  const found = distanceThreshold(histogram, spread);
  if (!found) return undefined;
  const threshold = except ? found.threshold : Math.max(FAINT, spread + FAINT);
  for (let cell = 0; cell < own.length; cell++) own[cell] = own[cell] > threshold ? 1 : 0;
  return {width, height, cells: own};
}

/**
 * Cells that are nearer to the grain's colour than to the ground's, along the direction that tells the two apart best
 * (Fisher 1936): it leaves out of account how the ground's texture and the grain itself vary.
 *
 * @param core cells that are the grain's for sure
 * @param full out of how far each of them has come from the ground's colour to their mean: how far is all grain
 */
function grainCells(
  {raw, smooth, texture, width, height}: Deviation,
  core: Mask,
  full: (shares: number[]) => number,
): Mask {
  const mean = meanOf(raw, core);
  const weights = times(inverseOf(sumOf(texture, covarianceOf(raw, core.cells, mean), 1)), mean);
  const way = weights[0] * mean[0] + weights[1] * mean[1] + weights[2] * mean[2];
  const share = (values: Float32Array, cell: number) =>
    (weights[0] * values[cell * 3] + weights[1] * values[cell * 3 + 1] + weights[2] * values[cell * 3 + 2]) / way;
  const noise = Math.sqrt(squareOf(texture, ...weights)) / way;
  const shares: number[] = [];
  for (let cell = 0; cell < width * height; cell++) if (core.cells[cell] === 1) shares.push(share(smooth, cell));
  const threshold = Math.max(full(shares) / 2, Math.min(0.5, NOISES * noise));
  const values = noise > LOUD ? smooth : raw;
  const cells = new Uint8Array(width * height);
  for (let cell = 0; cell < cells.length; cell++) cells[cell] = share(values, cell) > threshold ? 1 : 0;
  return {width, height, cells};
}

/** On bright ground a grain's pale parts may be hardly darker than that: they, not its mean, say where it ends. */
function paleShare(shares: number[]): number {
  shares.sort((a, b) => a - b);
  return Math.min(1, shares[Math.floor(PALE_QUANTILE * shares.length)] ?? 1);
}
