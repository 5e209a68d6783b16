import {connectRuns, RUN, type Runs} from '../components.ts';
import {momentsOf} from '../moments.ts';
import {type SolidShape, solidShape} from '../shape.ts';
import {type Things, thingsIn} from '../things.ts';
import {type Mask, maskOfShape, runsOf} from './cell-mask.ts';
import {intersection, open} from './morphology.ts';

/** A region that could be a grain, with its holes filled. */
export interface Region {
  mask: Mask;
  shape: SolidShape;
  area: number;
}

/** A region that fills less of the ellipse with the same moments is a crescent, a streak or a net, not a grain. */
const MIN_FILL = 0.6;
/** Parts thinner than 2 / 14 of a region's width are cut off, or 2 / 6 beside a removed shadow. */
const THIN = 14;
const THIN_BESIDE_SHADOW = 6;
/** Largest number of candidates. */
const CANDIDATES = 8;

/**
 * The largest region that is as solid as a grain; regions that touch the frame's border come last.
 *
 * @param besideShadow whether a shadow was removed, whose edge may be left
 */
export function largestRegion(mask: Mask, margin: number, minArea: number, besideShadow = false): Region | undefined {
  const runs = runsOf(mask);
  if (runs.length === 0) return undefined;
  const {areas, roots: valid} = connectRuns(runs);
  const roots = valid.slice();
  for (const largest of candidatesOf(mask, runs, roots, minArea)) {
    const whole = solidShape(runs, {roots, areas, largest}, margin);
    const opened = openedShape(whole, mask, margin, besideShadow ? THIN_BESIDE_SHADOW : THIN);
    if (opened && opened.area >= minArea) return opened;
  }
  return undefined;
}

/** The largest part of a region without its thin parts; undefined if that is not solid. */
function openedShape(whole: SolidShape, grid: Mask, margin: number, thin: number): Region | undefined {
  const radius = Math.max(1, Math.floor(momentsOf(whole).width / thin));
  const runs = runsOf(open(maskOfShape(whole, grid), radius));
  if (runs.length === 0) return undefined;
  const opened = solidShape(runs, connectRuns(runs), margin);
  const {area, length, width} = momentsOf(opened);
  if (area < (MIN_FILL * Math.PI * length * width) / 4) return undefined;
  return {mask: maskOfShape(opened, grid), shape: opened, area};
}

/** Roots of the components that are large enough: the largest first, those at the frame's border after all others. */
export function candidatesOf(
  {width, height}: Pick<Mask, 'width' | 'height'>,
  runs: Runs,
  roots: Int32Array,
  minArea: number,
): number[] {
  const areas = new Int32Array(roots.length);
  const touches = new Uint8Array(roots.length);
  for (let i = 0, at = 0; i < roots.length; i++, at += RUN) {
    const [row, start, end] = [runs[at], runs[at + 1], runs[at + 2]];
    areas[roots[i]] += end - start;
    if (row === 0 || row === height - 1 || start === 0 || end === width) touches[roots[i]] = 1;
  }
  const found: number[] = [];
  for (let root = 0; root < areas.length; root++) if (areas[root] >= minArea && areas[root] > 0) found.push(root);
  return found.sort((a, b) => touches[a] - touches[b] || areas[b] - areas[a]).slice(0, CANDIDATES);
}

/**
 * What the regions with at least `minArea` cells are.
 *
 * @param mask cells of the grain's color
 * @param within all that stands out; what of it has another color is no grain
 */
export function thingsWithin(mask: Mask, within: Mask, minArea: number): Pick<Things, 'objects' | 'others'> {
  const like = countThings(intersection(mask, within), minArea);
  const all = countThings(within, minArea);
  const unlike = all.objects + all.others - like.objects - like.others;
  return {objects: like.objects, others: like.others + Math.max(0, unlike)};
}

function countThings(mask: Mask, minArea: number): Pick<Things, 'objects' | 'others'> {
  const runs = runsOf(mask);
  if (runs.length === 0) return {objects: 1, others: 0};
  return thingsIn(runs, connectRuns(runs).roots, Math.max(1, minArea), mask);
}
