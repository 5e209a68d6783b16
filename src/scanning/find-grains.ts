import type {Frame} from '../image/frame.ts';
import {reduceFrame} from '../image/resize/reduce.ts';
import {distanceTransform} from './foreground/distance-transform.ts';
import {type Foreground, findForeground, likelyForeground} from './foreground/find-foreground.ts';
import type {Ground} from './foreground/ground.ts';
import {type ShapedRegion, shapeRegions} from './foreground/region-shape.ts';
import {type SortedRegions, sortRegions, type TypicalGrain} from './foreground/sort-regions.ts';
import {measureOutline} from './measures/measure-outline.ts';
import {coverageOf} from './outlines/coverage.ts';
import {type Delineated, delineate} from './outlines/delineate.ts';
import {simplify} from './outlines/simplify.ts';
import {numberInReadingOrder} from './reading-order.ts';
import type {SeparatedGrain} from './separation/separate-clusters.ts';
import type {MeasuredGrain, Outline, PictureObject, Point} from './types.ts';

/** What lies in a picture, before anything is named. */
export interface FoundGrains {
  grains: MeasuredGrain[];
  objects: PictureObject[];
  countByArea: number;
  /** How wide the edge of a typical grain is, as a share of its width. */
  blur: number;
  /** Undefined if nothing was found. */
  typical?: TypicalGrain;
  /** Pixels of the picture per cell in which it was searched. */
  factor: number;
}

/** What networks say of a picture. */
export interface GrainNetworks {
  /** Splits the clusters of a picture: each grain's cells get a label of their own. */
  separate(foreground: Foreground, sorted: SortedRegions): Promise<SeparatedGrain[]>;
  /** How likely each cell is a grain's, on a bright ground; `length` of a typical grain in cells. */
  likelihoods(foreground: Foreground, length: number): Promise<Float32Array>;
}

/** Cells along the longer side in which grains are searched. */
const CELLS = 1400;
/** Grains shorter than this many cells are searched for again in smaller cells. */
const LEAST_LENGTH = 30;
const MOST_CELLS = 3200;
/** Mean level from which a ground is bright, and by what share of the rest up to white grains are clearly brighter. */
const BRIGHT = 125;
const CLEARLY_BRIGHTER = 0.4;
/** Of a grain, in cells, where nothing says more. */
const DEFAULT_LENGTH = 60;
/** Logarithm of the ratio of two lengths from which the network looks again, at another scale. */
const OTHER_SCALE = 0.35;
/** Logarithm of the ratio of two lengths from which grains are longer or shorter than was guessed. */
const OTHER_LENGTH = 0.26;
/** So many grains that lie apart say how large one is. */
const LEAST_APART = 10;
/** Outlines may be simplified by so many pixels. */
const TOLERANCE = 0.2;

/**
 * Finds, separates and measures the grains of a picture.
 *
 * @param regions outlines within which to look; everywhere if undefined
 * @param blocked outlines of what is known to be no grain
 */
export async function findGrains(
  picture: Frame,
  networks: GrainNetworks,
  {regions, blocked = []}: {regions?: readonly Outline[]; blocked?: readonly Outline[]} = {},
): Promise<FoundGrains> {
  const longer = Math.max(picture.width, picture.height);
  let factor = Math.max(1, Math.ceil(longer / CELLS));
  const where = {regions, blocked};
  let found = await search(picture, factor, networks, where);
  if (found.sorted && factor > 1 && found.sorted.typical.length < LEAST_LENGTH) {
    const finer = Math.max(
      Math.ceil(longer / MOST_CELLS),
      Math.floor((factor * found.sorted.typical.length) / LEAST_LENGTH),
    );
    if (finer < factor) {
      factor = Math.max(1, finer);
      found = await search(picture, factor, networks, where);
    }
  }
  const {foreground, shaped} = found;
  let {sorted} = found;
  if (!sorted) return {grains: [], objects: [], countByArea: 0, blur: 0, factor};
  const labels = foreground.labels.slice();
  let {grains, blurs} = await delineateAll(picture, factor, foreground, sorted, networks);
  const length = medianLength(grains) / factor;
  // Where nearly all grains touch, their length was a guess: now it is known.
  if (sorted.clusters.length > 0 && Math.abs(Math.log(length / sorted.typical.length)) > OTHER_LENGTH) {
    foreground.labels.set(labels);
    const typical = {...sorted.typical, length, area: (sorted.typical.area * length) / sorted.typical.length};
    sorted = sortRegions(shaped, typical)!;
    ({grains, blurs} = await delineateAll(picture, factor, foreground, sorted, networks));
  }
  return {
    grains: numberInReadingOrder(grains),
    objects: sorted.objects.map(({kind, region: {left, top, right, bottom}}) => ({
      kind,
      x: left * factor,
      y: top * factor,
      width: Math.min(picture.width, right * factor) - left * factor,
      height: Math.min(picture.height, bottom * factor) - top * factor,
    })),
    countByArea: countByArea(grains),
    blur: medianOf(blurs),
    typical: sorted.typical,
    factor,
  };
}

async function delineateAll(
  picture: Frame,
  factor: number,
  foreground: Foreground,
  sorted: SortedRegions,
  {separate}: Pick<GrainNetworks, 'separate'>,
): Promise<{grains: MeasuredGrain[]; blurs: number[]}> {
  const split = sorted.clusters.length === 0 ? [] : await separate(foreground, sorted);
  const grains: MeasuredGrain[] = [];
  const lightness: Float32Array[] = [];
  const blurs: number[] = [];
  for (const piece of [...sorted.singles.map((single) => ({...single, touching: false})), ...split]) {
    const delineated = delineate(picture, foreground.ground, foreground, piece, factor);
    if (!delineated) continue;
    grains.push({...measured(delineated, factor), id: 0, border: piece.border, touching: piece.touching});
    lightness.push(delineated.lightness);
    if (!piece.touching) blurs.push(delineated.edge / grains[grains.length - 1].width);
  }
  whiten(grains, lightness);
  return {grains, blurs};
}

function medianLength(grains: readonly MeasuredGrain[]): number {
  return medianOf(grains.map(({length}) => length)) || 1;
}

function medianOf(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;
}

interface Where {
  regions: readonly Outline[] | undefined;
  blocked: readonly Outline[];
}

interface Searched {
  foreground: Foreground;
  shaped: ShapedRegion[];
  sorted: SortedRegions | undefined;
}

async function search(picture: Frame, factor: number, networks: GrainNetworks, where: Where): Promise<Searched> {
  const cells = reduceFrame(picture, factor);
  const allowed = allowedCells(cells, factor, where);
  const found = sortForeground(findForeground(cells, allowed));
  if (!isBright(found.foreground.ground, found.sorted?.typical)) return found;
  // What lies on paper differs less from it than its shadow: a network tells them apart.
  const length = found.sorted?.typical.length ?? DEFAULT_LENGTH;
  const likelihoods = await networks.likelihoods(found.foreground, length);
  let likely = sortForeground(likelyForeground(found.foreground, likelihoods, allowed));
  const seen = likely.sorted?.typical.length;
  if (seen !== undefined && Math.abs(Math.log(seen / length)) > OTHER_SCALE) {
    const again = await networks.likelihoods(found.foreground, seen);
    likely = sortForeground(likelyForeground(found.foreground, again, allowed));
  }
  return likely;
}

function sortForeground(foreground: Foreground): Searched {
  const {width, height, labels, deviation, cells, ground} = foreground;
  const mask = Uint8Array.from(labels, (label) => (label === 0 ? 0 : 1));
  const depths = distanceTransform(mask, width, height);
  const shaped = shapeRegions(foreground, depths, deviation.distances, cells, ground);
  return {foreground, shaped, sorted: sortRegions(shaped)};
}

/** Whether the ground is bright, and grains are not clearly brighter. */
function isBright({colors}: Ground, typical: TypicalGrain | undefined): boolean {
  const mean = colors.reduce((sum, level) => sum + level, 0) / colors.length;
  const above = typical ? (typical.tint[0] + typical.tint[1] + typical.tint[2]) / 3 : 0;
  return mean > BRIGHT && above < CLEARLY_BRIGHTER * (255 - mean);
}

/** 1 for the cells in which to look; undefined if that is all of them. */
function allowedCells({width, height}: Frame, factor: number, {regions, blocked}: Where): Uint8Array | undefined {
  if (!regions && blocked.length === 0) return undefined;
  const inCells = (outline: Outline) =>
    coverageOf(
      outline.map(([x, y]): Point => [x / factor, y / factor]),
      width,
      height,
    );
  const allowed = new Uint8Array(width * height).fill(regions ? 0 : 1);
  for (const outline of regions ?? [])
    inCells(outline).forEach((share, i) => {
      if (share >= 1) allowed[i] = 1;
    });
  for (const outline of blocked)
    inCells(outline).forEach((share, i) => {
      if (share > 0) allowed[i] = 0;
    });
  return allowed;
}

function measured({outline, color}: Delineated, factor: number) {
  const {solidity: _, ...measures} = measureOutline(outline);
  return {...measures, color, white: 0, outline: simplify(outline, Math.max(TOLERANCE, TOLERANCE * factor * 0.5))};
}

/**
 * All grains' area divided by the mean of those that lie apart: a count that knows nothing of how the others were separated. Where
 * too few lie apart it is the number of grains.
 */
function countByArea(grains: readonly MeasuredGrain[]): number {
  const apart = grains.filter(({touching, border}) => !touching && !border);
  if (apart.length < LEAST_APART) return grains.length;
  const mean = apart.reduce((sum, {area}) => sum + area, 0) / apart.length;
  const joined = grains.filter(({touching}) => touching);
  return grains.length - joined.length + Math.round(joined.reduce((sum, {area}) => sum + area, 0) / mean);
}

/** Lightness above that of most grains' inner pixels from which a pixel counts as chalky. */
const CHALK = 9;

/** Estimates the chalky share of each grain: pixels that are much lighter than the inner pixels of most grains. */
function whiten(grains: MeasuredGrain[], lightness: Float32Array[]): void {
  const medians = lightness
    .map((values) => Float32Array.from(values).sort()[values.length >> 1] ?? 0)
    .sort((a, b) => a - b);
  const usual = medians[medians.length >> 1] ?? 0;
  grains.forEach((grain, i) => {
    const values = lightness[i];
    let white = 0;
    for (let k = 0; k < values.length; k++) if (values[k] > usual + CHALK) white++;
    grain.white = values.length === 0 ? 0 : white / values.length;
  });
}
