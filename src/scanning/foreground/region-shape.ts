import type {Frame} from '../../image/frame.ts';
import {convexHull} from '../measures/convex-hull.ts';
import {areaOf} from '../measures/measure-outline.ts';
import type {Point} from '../types.ts';
import type {Deviation} from './deviation.ts';
import {type Ground, groundRow} from './ground.ts';
import type {Region, Regions} from './label-regions.ts';

/** A region with what tells grains from other things. Lengths in cells. */
export interface ShapedRegion extends Region {
  /** Axes of the ellipse with the same second moments. */
  length: number;
  width: number;
  /** Area as a share of the convex hull's. */
  solidity: number;
  /** Largest distance of a cell to the region's edge: half of the width of a grain, however many touch. */
  halfWidth: number;
  /** Mean deviation from the ground. */
  contrast: number;
  /** Mean red, green and blue less the ground's. */
  tint: readonly [number, number, number];
  /** Share of its cells that are the ground with less light. */
  shade: number;
}

/** Measures all regions in two passes over the cells. */
export function shapeRegions(
  {labels, regions, width, height}: Regions,
  depths: Float32Array,
  {distances: deviations, shaded}: Pick<Deviation, 'distances' | 'shaded'>,
  cells: Frame,
  ground: Ground,
): ShapedRegion[] {
  const count = regions.length + 1;
  const tints = new Float64Array(count * 3);
  const row = new Float32Array(width * 3);
  const shades = new Uint32Array(count);
  const sums = new Float64Array(count * 6);
  const deepest = new Float32Array(count);
  const contrasts = new Float64Array(count);
  const hulls: Point[][] = Array.from({length: count}, () => []);
  for (let y = 0; y < height; y++) {
    groundRow(ground, y, width, row);
    for (let x = 0, start = 0; x < width; x++) {
      const cell = y * width + x;
      const label = labels[cell];
      if (x === 0 || labels[cell - 1] !== label) start = x;
      if (label === 0) continue;
      const {left, top} = regions[label - 1];
      const [u, v] = [x - left, y - top];
      const at = label * 6;
      sums[at] += u;
      sums[at + 1] += v;
      sums[at + 2] += u * u;
      sums[at + 3] += v * v;
      sums[at + 4] += u * v;
      contrasts[label] += deviations[cell];
      shades[label] += shaded[cell];
      for (let c = 0; c < 3; c++) tints[label * 3 + c] += cells.data[cell * 3 + c] - row[x * 3 + c];
      if (depths[cell] > deepest[label]) deepest[label] = depths[cell];
      if (x === start) hulls[label].push([x, y], [x, y + 1]);
      if (x + 1 === width || labels[cell + 1] !== label) hulls[label].push([x + 1, y], [x + 1, y + 1]);
    }
  }
  return regions.map((region) => {
    const {label, area} = region;
    const at = label * 6;
    const meanX = sums[at] / area;
    const meanY = sums[at + 1] / area;
    // A cell is a square: its own moment is 1/12.
    const varianceX = sums[at + 2] / area - meanX * meanX + 1 / 12;
    const varianceY = sums[at + 3] / area - meanY * meanY + 1 / 12;
    const covariance = sums[at + 4] / area - meanX * meanY;
    const root = Math.sqrt((varianceX - varianceY) ** 2 + 4 * covariance * covariance);
    const hull = convexHull(hulls[label]);
    hulls[label] = [];
    return {
      ...region,
      length: 4 * Math.sqrt((varianceX + varianceY + root) / 2),
      width: 4 * Math.sqrt(Math.max(0, (varianceX + varianceY - root) / 2)),
      solidity: area / Math.max(1, areaOf(hull)),
      halfWidth: deepest[label],
      contrast: contrasts[label] / area,
      shade: shades[label] / area,
      tint: [tints[label * 3] / area, tints[label * 3 + 1] / area, tints[label * 3 + 2] / area],
    };
  });
}
