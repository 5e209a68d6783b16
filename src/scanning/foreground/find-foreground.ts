import type {Frame} from '../../image/frame.ts';
import {type Deviation, deviationFrom} from './deviation.ts';
import {estimateGround, type Ground} from './ground.ts';
import {labelRegions, type Regions} from './label-regions.ts';

/** What stands out from the ground. */
export interface Foreground extends Regions {
  cells: Frame;
  ground: Ground;
  deviation: Deviation;
}

/** Cells further from the ground than this many standard deviations stand out. */
const OUT = 5;
/** A region whose cells are not this far on average is texture. */
const CLEARLY_OUT = 7;
/** A region ends where its deviation has fallen to this share of that of its paler parts. */
const HALF = 0.5;
const PALER = 0.3;
/** A smaller region is a speck. */
const LEAST_AREA = 12;
/** If cells that are no shadow make up this share of what stands out, shadows are left out. */
const LIT_SHARE = 0.25;

/**
 * Separates what lies on the ground from the ground and its shadows.
 *
 * @param cells the picture, reduced
 * @param allowed 1 for cells in which to look; all if undefined
 */
export function findForeground(cells: Frame, allowed?: Uint8Array): Foreground {
  const ground = estimateGround(cells, allowed);
  const deviation = deviationFrom(cells, ground);
  const {width, height, distances, shaded} = deviation;
  const mask = new Uint8Array(width * height);
  let all = 0;
  let lit = 0;
  for (let i = 0; i < mask.length; i++) {
    if (distances[i] <= OUT || (allowed && allowed[i] === 0)) continue;
    mask[i] = 1;
    all++;
    if (!shaded[i]) lit++;
  }
  if (lit >= LIT_SHARE * all) for (let i = 0; i < mask.length; i++) if (shaded[i]) mask[i] = 0;
  const coarse = labelRegions(mask, width, height);
  const thresholds = thresholdsOf(coarse, distances);
  for (let i = 0; i < mask.length; i++) if (mask[i] && distances[i] < thresholds[coarse.labels[i]]) mask[i] = 0;
  fillSmallHoles(mask, width, height);
  const regions = labelRegions(mask, width, height);
  const kept = regions.regions.filter((region) => region.area >= LEAST_AREA);
  return {cells, ground, deviation, ...relabel(regions, kept)};
}

/** For each region, the deviation at which it ends; infinite for texture. By label. */
function thresholdsOf({labels, regions}: Regions, distances: Float32Array): Float32Array {
  const bins = 64;
  const scale = 4;
  const counts = new Uint32Array((regions.length + 1) * bins);
  for (let i = 0; i < labels.length; i++)
    if (labels[i] !== 0)
      counts[labels[i] * bins + Math.min(bins - 1, Math.floor(scale * Math.log2(1 + distances[i])))]++;
  const thresholds = new Float32Array(regions.length + 1);
  for (const {label, area} of regions) {
    const quantile = (share: number) => {
      let seen = 0;
      for (let bin = 0; bin < bins; bin++) {
        seen += counts[label * bins + bin];
        if (seen >= share * area) return 2 ** ((bin + 0.5) / scale) - 1;
      }
      return Number.POSITIVE_INFINITY;
    };
    const paler = quantile(PALER);
    thresholds[label] =
      area < LEAST_AREA || quantile(0.5) < CLEARLY_OUT ? Number.POSITIVE_INFINITY : Math.max(OUT, HALF * paler);
  }
  return thresholds;
}

/** Fills holes that are smaller than the region around them: grains shine in spots. */
function fillSmallHoles(mask: Uint8Array, width: number, height: number): void {
  const outside = mask.map((value) => (value ? 0 : 1));
  const {labels, regions} = labelRegions(outside, width, height);
  const small = new Uint8Array(regions.length + 1);
  for (const {label, area, border} of regions) if (!border && area <= MAX_HOLE) small[label] = 1;
  for (let i = 0; i < mask.length; i++) if (small[labels[i]]) mask[i] = 1;
}

/** In cells. */
const MAX_HOLE = 24;

/** Keeps some regions and numbers them anew. */
function relabel(all: Regions, kept: Regions['regions']): Regions {
  const numbers = new Int32Array(all.regions.length + 1);
  const regions = kept.map((region, i) => {
    numbers[region.label] = i + 1;
    return {...region, label: i + 1};
  });
  const labels = all.labels.map((label) => numbers[label]);
  return {...all, labels, regions};
}
