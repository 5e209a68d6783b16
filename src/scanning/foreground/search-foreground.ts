import type {Frame} from '../../image/frame.ts';
import {reduceFrame} from '../../image/resize/reduce.ts';
import type {Outline} from '../types.ts';
import {allowedCells} from './allowed-cells.ts';
import {besideThings} from './beside-things.ts';
import {distanceTransform} from './distance-transform.ts';
import {type Foreground, findForeground, likelyForeground, OUT} from './find-foreground.ts';
import {type ShapedRegion, shapeRegions} from './region-shape.ts';
import {type SortedRegions, sortRegions, type TypicalGrain} from './sort-regions.ts';

/** Outlines in pixels of the picture. */
export interface Where {
  /** Within which to look; everywhere if undefined. */
  regions?: readonly Outline[] | undefined;
  /** What is known to be no grain. */
  blocked?: readonly Outline[] | undefined;
}

/** How likely each cell is a grain's, on a bright ground; `length` of a typical grain in cells. */
export type Likelihoods = (foreground: Foreground, length: number) => Promise<Float32Array>;

/** What stands out from the ground of a picture, sorted by what it is. */
export interface SearchedForeground {
  /** Pixels of the picture per cell. */
  factor: number;
  foreground: Foreground;
  shaped: ShapedRegion[];
  /** Undefined if nothing could be a grain. */
  sorted: SortedRegions | undefined;
}

/** Cells along the longer side in which grains are searched. */
const CELLS = 1400;
/** Grains shorter than this many cells are searched for again in smaller cells. */
const LEAST_LENGTH = 30;
const MOST_CELLS = 3200;
/** Mean level from which a ground is bright, and by what share of the rest up to white grains are clearly brighter. */
const BRIGHT = 125;
const CLEARLY_BRIGHTER = 0.4;
/** Paper's texture varies by fewer levels; and at least this share of what stands out from it may be shadow. */
const SMOOTH = 4.6;
const SHADOWS = 0.05;
/** Of a grain, in cells, where nothing says more. */
const DEFAULT_LENGTH = 60;
/** Logarithm of the ratio of two lengths from which the network looks again, at another scale. */
const OTHER_SCALE = 0.35;

/** Finds what stands out from the ground, in cells that are small enough for the grains of this picture. */
export async function searchForeground(
  picture: Frame,
  likelihoods: Likelihoods,
  where: Where,
): Promise<SearchedForeground> {
  const found = await searchInCells(picture, likelihoods, where);
  if (!found.sorted) return found;
  return {...found, sorted: besideThings(found.sorted, found.foreground, where.blocked ?? [], found.factor)};
}

async function searchInCells(picture: Frame, likelihoods: Likelihoods, where: Where): Promise<SearchedForeground> {
  const longer = Math.max(picture.width, picture.height);
  const factor = Math.max(1, Math.ceil(longer / CELLS));
  const found = await search(picture, factor, likelihoods, where);
  if (!found.sorted || factor === 1 || found.sorted.typical.length >= LEAST_LENGTH) return found;
  const wanted = Math.floor((factor * found.sorted.typical.length) / LEAST_LENGTH);
  const finer = Math.max(1, Math.ceil(longer / MOST_CELLS), wanted);
  return finer < factor ? search(picture, finer, likelihoods, where) : found;
}

async function search(
  picture: Frame,
  factor: number,
  likelihoods: Likelihoods,
  where: Where,
): Promise<SearchedForeground> {
  const cells = reduceFrame(picture, factor);
  const allowed = allowedCells(cells, factor, where);
  const found = sorted(findForeground(cells, allowed), factor);
  if (!isPaper(found.foreground, found.sorted?.typical)) return found;
  // What lies on paper differs less from it than its shadow: a network tells them apart.
  const look = async (length: number) =>
    sorted(likelyForeground(found.foreground, await likelihoods(found.foreground, length), allowed), factor);
  const length = found.sorted?.typical.length ?? DEFAULT_LENGTH;
  const likely = await look(length);
  const seen = likely.sorted?.typical.length;
  return seen !== undefined && Math.abs(Math.log(seen / length)) > OTHER_SCALE ? look(seen) : likely;
}

function sorted(foreground: Foreground, factor: number): SearchedForeground {
  const {width, height, labels, deviation, cells, ground} = foreground;
  const mask = new Uint8Array(labels.length);
  for (let i = 0; i < mask.length; i++) mask[i] = labels[i] === 0 ? 0 : 1;
  const depths = distanceTransform(mask, width, height);
  // The network has told shadows and stones from grains, which on paper differ from it in any way.
  const alike = {contrast: 1, tint: [1, 1, 1] as const, shade: 0};
  const measured = shapeRegions(foreground, depths, deviation, cells, ground);
  const shaped = foreground.likelihoods ? measured.map((region) => ({...region, ...alike})) : measured;
  return {factor, foreground, shaped, sorted: sortRegions(shaped)};
}

/** Whether the ground is bright and smooth, with shadows on it, and grains are not clearly brighter. */
function isPaper({ground, deviation}: Foreground, typical: TypicalGrain | undefined): boolean {
  const mean = ground.colors.reduce((sum, level) => sum + level, 0) / ground.colors.length;
  const above = typical ? (typical.tint[0] + typical.tint[1] + typical.tint[2]) / 3 : 0;
  if (mean <= BRIGHT || ground.noise > SMOOTH || above >= CLEARLY_BRIGHTER * (255 - mean)) return false;
  let out = 0;
  let shaded = 0;
  for (let i = 0; i < deviation.distances.length; i++) {
    if (deviation.distances[i] <= OUT) continue;
    out++;
    shaded += deviation.shaded[i];
  }
  return shaded >= SHADOWS * out;
}
