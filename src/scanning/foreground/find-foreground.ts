import type {Frame} from '../../image/frame.ts';
import {type Deviation, deviationFrom} from './deviation.ts';
import {estimateGround, type Ground} from './ground.ts';
import {labelRegions, type Regions} from './label-regions.ts';

/** What stands out from the ground. */
export interface Foreground extends Regions {
  cells: Frame;
  ground: Ground;
  deviation: Deviation;
  /** How likely each cell is a grain's, 0 to 1, where a network was asked. */
  likelihoods?: Float32Array;
}

/** Cells further from the ground than this many standard deviations stand out. */
export const OUT = 5;
/** A region whose cells are not this far on average is texture. */
const CLEARLY_OUT = 7;
/** A region ends where its deviation has fallen to this share of that of its paler parts. */
const HALF = 0.5;
const PALER = 0.3;
/** A smaller region is a speck. */
const LEAST_AREA = 12;
/** If cells that are no shadow make up this share of what stands out, shadows are left out. */
const LIT_SHARE = 0.25;
const LIKELY = 0.5;
/** A region with a smaller share of unshaded cells is dark itself. */
const DARK_SHARE = 0.35;
/** A ground whose texture varies by more levels is looked at through means of 3 x 3 cells. */
const COARSE_TEXTURE = 6;

/**
 * Separates what lies on the ground from the ground and its shadows.
 *
 * @param cells the picture, reduced
 * @param allowed 1 for cells in which to look; all if undefined
 */
export function findForeground(cells: Frame, allowed?: Uint8Array): Foreground {
  let ground = estimateGround(cells, allowed);
  let seen = cells;
  if (ground.noise > COARSE_TEXTURE) {
    seen = averageNeighbors(cells);
    ground = estimateGround(seen, allowed);
  }
  const deviation = deviationFrom(seen, ground);
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
  if (lit >= LIT_SHARE * all) dropShadows(mask, shaded, width, height);
  const coarse = labelRegions(mask, width, height);
  const thresholds = thresholdsOf(coarse, distances);
  for (let i = 0; i < mask.length; i++) if (mask[i] && distances[i] < thresholds[coarse.labels[i]]) mask[i] = 0;
  fillSmallHoles(mask, width, height);
  const regions = labelRegions(mask, width, height);
  const kept = regions.regions.filter((region) => region.area >= LEAST_AREA);
  return {cells, ground, deviation, ...relabel(regions, kept)};
}

/** The same foreground, as a network sees it. */
export function likelyForeground(
  foreground: Foreground,
  likelihoods: Float32Array,
  allowed: Uint8Array | undefined,
): Foreground {
  const {width, height} = foreground;
  const mask = new Uint8Array(width * height);
  for (let i = 0; i < mask.length; i++) mask[i] = likelihoods[i] > LIKELY && allowed?.[i] !== 0 ? 1 : 0;
  fillSmallHoles(mask, width, height);
  const regions = labelRegions(mask, width, height);
  const kept = regions.regions.filter((region) => region.area >= LEAST_AREA);
  return {...foreground, ...relabel(regions, kept), likelihoods};
}

/** Removes the shaded cells of regions that have others; a region that is all dark is a dark thing, for no shadow lies alone. */
function dropShadows(mask: Uint8Array, shaded: Uint8Array, width: number, height: number): void {
  const {labels, regions} = labelRegions(mask, width, height);
  const lit = new Uint32Array(regions.length + 1);
  for (let i = 0; i < mask.length; i++) if (mask[i] && !shaded[i]) lit[labels[i]]++;
  const keeps = regions.map(({label, area}) => lit[label] < DARK_SHARE * area);
  for (let i = 0; i < mask.length; i++) if (mask[i] && shaded[i] && !keeps[labels[i] - 1]) mask[i] = 0;
}

/** Means of 3 x 3 cells: less of the ground's texture, and of the noise. */
function averageNeighbors({width, height, data}: Frame): Frame {
  const out = new Uint8Array(data.length);
  const columns = new Float64Array(width * 3);
  for (let y = 0; y < height; y++) {
    const rows = [Math.max(0, y - 1), y, Math.min(height - 1, y + 1)].map((row) => row * width * 3);
    for (let i = 0; i < columns.length; i++) columns[i] = data[rows[0] + i] + data[rows[1] + i] + data[rows[2] + i];
    for (let x = 0; x < width; x++) {
      const left = Math.max(0, x - 1) * 3;
      const right = Math.min(width - 1, x + 1) * 3;
      for (let c = 0; c < 3; c++)
        out[(y * width + x) * 3 + c] = (columns[left + c] + columns[x * 3 + c] + columns[right + c]) / 9 + 0.5;
    }
  }
  return {width, height, data: out};
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
  const outside = new Uint8Array(mask.length);
  for (let i = 0; i < mask.length; i++) outside[i] = mask[i] ? 0 : 1;
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
  const {labels} = all;
  for (let i = 0; i < labels.length; i++) labels[i] = numbers[labels[i]];
  return {...all, regions};
}
