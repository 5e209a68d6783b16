import {connectRuns, RUN, type Runs} from '../components.ts';
import {momentsOf} from '../moments.ts';
import {type SolidShape, solidShape} from '../shape.ts';
import {type Mask, maskOfShape, runsOf} from './cell-mask.ts';
import {both, open} from './morphology.ts';

/** A region that could be a grain: its cells without holes. */
export interface Region {
  mask: Mask;
  shape: SolidShape;
  area: number;
}

/** What is less of the ellipse with the same moments is no grain but a crescent, a streak or a net. */
const LEAST_FILL = 0.6;
/** What is thinner than a seventh of a region's width is cut off, or where a shadow was, than a third: twice one of these. */
const THIN = 14;
const THIN_BESIDE_SHADOW = 6;
/** Candidates that are looked at. */
const CANDIDATES = 8;

/**
 * The largest region that is as solid as a grain; one that touches the frame's border only where there is no other.
 *
 * @param besideShadow whether a shadow has been cut off, whose edge is left
 */
export function largestRegion(mask: Mask, margin: number, leastArea: number, besideShadow = false): Region | undefined {
  const runs = runsOf(mask);
  if (runs.length === 0) return undefined;
  const {areas, roots: valid} = connectRuns(runs);
  const roots = valid.slice();
  for (const largest of candidatesOf(mask, runs, roots, leastArea)) {
    const whole = solidShape(runs, {roots, areas, largest}, margin);
    const opened = openedShape(whole, mask, margin, besideShadow ? THIN_BESIDE_SHADOW : THIN);
    if (opened && opened.area >= leastArea) return opened;
  }
  return undefined;
}

/** The largest part of a region without its thin parts; undefined where that is not solid. */
function openedShape(whole: SolidShape, grid: Mask, margin: number, thin: number): Region | undefined {
  const radius = Math.max(1, Math.floor(momentsOf(whole).width / thin));
  const runs = runsOf(open(maskOfShape(whole, grid), radius));
  if (runs.length === 0) return undefined;
  const opened = solidShape(runs, connectRuns(runs), margin);
  const {area, length, width} = momentsOf(opened);
  if (area < (LEAST_FILL * Math.PI * length * width) / 4) return undefined;
  return {mask: maskOfShape(opened, grid), shape: opened, area};
}

/** First runs of the components that are large enough, the largest first, those along the frame's border behind all others. */
export function candidatesOf(
  {width, height}: Pick<Mask, 'width' | 'height'>,
  runs: Runs,
  roots: Int32Array,
  leastArea: number,
): number[] {
  const areas = new Int32Array(roots.length);
  const touches = new Uint8Array(roots.length);
  for (let i = 0, at = 0; i < roots.length; i++, at += RUN) {
    const [row, start, end] = [runs[at], runs[at + 1], runs[at + 2]];
    areas[roots[i]] += end - start;
    if (row === 0 || row === height - 1 || start === 0 || end === width) touches[roots[i]] = 1;
  }
  const found: number[] = [];
  for (let root = 0; root < areas.length; root++) if (areas[root] >= leastArea && areas[root] > 0) found.push(root);
  return found.sort((a, b) => touches[a] - touches[b] || areas[b] - areas[a]).slice(0, CANDIDATES);
}

/** How many regions have at least so many cells. */
export function countRegions(mask: Mask, within: Mask, leastArea: number): number {
  const runs = runsOf(both(mask, within));
  return runs.length === 0 ? 0 : connectRuns(runs).areas.filter((area) => area >= leastArea).length;
}
