import {connectRuns, RUN, type Runs} from '../components.ts';
import {momentsOf} from '../moments.ts';
import {type SolidShape, solidShape} from '../shape.ts';
import {both, type Mask, open} from './morphology.ts';

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
    const shape = solidShape(runs, {roots, areas, largest}, margin);
    const opened = openedShape(maskOfShape(shape, mask), margin, besideShadow ? THIN_BESIDE_SHADOW : THIN);
    if (opened && opened.area >= leastArea) return opened;
  }
  return undefined;
}

/** The largest part of a region without its thin parts; undefined where that is not solid. */
function openedShape(mask: Mask, margin: number, thin: number): Region | undefined {
  const whole = largestOf(mask, margin);
  if (!whole) return undefined;
  const radius = Math.max(1, Math.floor(momentsOf(whole).width / thin));
  const opened = largestOf(open(mask, radius), margin);
  if (!opened) return undefined;
  const {area, length, width} = momentsOf(opened);
  if (area < (LEAST_FILL * Math.PI * length * width) / 4) return undefined;
  return {mask: maskOfShape(opened, mask), shape: opened, area};
}

function largestOf(mask: Mask, margin: number): SolidShape | undefined {
  const runs = runsOf(mask);
  return runs.length === 0 ? undefined : solidShape(runs, connectRuns(runs), margin);
}

/** First runs of the components that are large enough, the largest first, those along the frame's border behind all others. */
function candidatesOf({width, height}: Mask, runs: Runs, roots: Int32Array, leastArea: number): number[] {
  const found = new Map<number, {area: number; touches: boolean}>();
  for (let i = 0; i < roots.length; i++) {
    const [row, start, end] = runs.subarray(i * RUN, i * RUN + RUN);
    const entry = found.get(roots[i]) ?? {area: 0, touches: false};
    entry.area += end - start;
    entry.touches ||= row === 0 || row === height - 1 || start === 0 || end === width;
    found.set(roots[i], entry);
  }
  return [...found]
    .filter(([, {area}]) => area >= leastArea)
    .sort(([, a], [, b]) => Number(a.touches) - Number(b.touches) || b.area - a.area)
    .slice(0, CANDIDATES)
    .map(([root]) => root);
}

/** The cells of a shape on the whole grid. */
export function maskOfShape({x, y, spans}: SolidShape, {width, height}: Mask): Mask {
  const cells = new Uint8Array(width * height);
  for (let i = 0; i < spans.length; i += RUN) {
    const row = (y + spans[i]) * width + x;
    cells.fill(1, row + spans[i + 1], row + spans[i + 2]);
  }
  return {width, height, cells};
}

/** How many regions have at least so many cells. */
export function countRegions(mask: Mask, within: Mask, leastArea: number): number {
  const runs = runsOf(both(mask, within));
  return runs.length === 0 ? 0 : connectRuns(runs).areas.filter((area) => area >= leastArea).length;
}

function runsOf({width, height, cells}: Mask): Runs {
  const runs: number[] = [];
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      if (cells[y * width + x] === 0) continue;
      const start = x;
      while (x < width && cells[y * width + x] === 1) x++;
      runs.push(y, start, x);
    }
  return Int32Array.from(runs);
}
