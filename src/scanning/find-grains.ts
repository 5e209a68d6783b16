import type {Frame} from '../image/frame.ts';
import {countByArea} from './count-by-area.ts';
import type {Foreground} from './foreground/find-foreground.ts';
import {type Likelihoods, searchForeground, type Where} from './foreground/search-foreground.ts';
import {type SortedRegions, sortRegions} from './foreground/sort-regions.ts';
import {delineateGrains} from './outlines/delineate-grains.ts';
import {numberInReadingOrder} from './reading-order.ts';
import type {SeparatedGrain} from './separation/separate-clusters.ts';
import type {MeasuredGrain, PictureObject} from './types.ts';

/** What lies in a picture, before anything is named. */
export interface FoundGrains {
  grains: MeasuredGrain[];
  objects: PictureObject[];
  countByArea: number;
  /** How wide the edge of a typical grain is, as a share of its width. */
  blur: number;
  /** Whether the ground is so bright that a network had to tell grains from it. */
  bright: boolean;
}

/** What networks say of a picture. */
export interface GrainNetworks {
  /** Splits the clusters of a picture: each grain's cells get a label of their own. */
  separate(foreground: Foreground, sorted: SortedRegions): Promise<SeparatedGrain[]>;
  likelihoods: Likelihoods;
}

export interface FindOptions extends Where {
  /** By what red, green and blue are multiplied before colors are measured. */
  whiteBalance?: readonly [number, number, number] | undefined;
}

/** Logarithm of the ratio of two lengths from which grains are longer or shorter than was guessed. */
const OTHER_LENGTH = 0.26;

/** Finds, separates and measures the grains of a picture. */
export async function findGrains(
  picture: Frame,
  {separate, likelihoods}: GrainNetworks,
  {whiteBalance, ...where}: FindOptions = {},
): Promise<FoundGrains> {
  const searched = await searchForeground(picture, likelihoods, where);
  const {factor, foreground, shaped} = searched;
  if (!searched.sorted) return {grains: [], objects: [], countByArea: 0, blur: 0, bright: false};
  const labels = foreground.labels.slice();
  const measure = async (sorted: SortedRegions) => {
    const split = sorted.clusters.length === 0 ? [] : await separate(foreground, sorted);
    const pieces = [...sorted.singles.map((single) => ({...single, touching: false})), ...split];
    return {sorted, ...(await delineateGrains(picture, foreground, pieces, factor, whiteBalance))};
  };
  let found = await measure(searched.sorted);
  const length = medianOf(found.grains.map((grain) => grain.length)) / factor;
  const {typical} = searched.sorted;
  // Where nearly all grains touch, their length was a guess: now it is known.
  if (searched.sorted.clusters.length > 0 && length > 0 && Math.abs(Math.log(length / typical.length)) > OTHER_LENGTH) {
    foreground.labels.set(labels);
    const known = {...typical, length, area: (typical.area * length) / typical.length};
    found = await measure(sortRegions(shaped, known) ?? searched.sorted);
  }
  return {
    grains: numberInReadingOrder(found.grains),
    objects: objectsOf(found.sorted, factor, picture),
    countByArea: countByArea(found.grains),
    blur: medianOf(found.blurs),
    bright: foreground.likelihoods !== undefined,
  };
}

function objectsOf({objects}: SortedRegions, factor: number, {width, height}: Frame): PictureObject[] {
  return objects.map(({kind, region: {left, top, right, bottom}}) => ({
    kind,
    x: left * factor,
    y: top * factor,
    width: Math.min(width, right * factor) - left * factor,
    height: Math.min(height, bottom * factor) - top * factor,
  }));
}

function medianOf(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;
}
