import {defined} from '../../common/defined.ts';
import type {ScannedGrain, ScannedPicture, ScanSummary} from '../types.ts';
import {groupBy} from './group-by.ts';
import {histogram} from './histogram.ts';
import {sizeClasses} from './size-classes.ts';
import {deviation, mean} from './statistics.ts';

/** With fewer whole grains, sizes are those of all grains, and there is no mass of a thousand. */
const LEAST_WHOLE = 5;
/** A mixture has no class of size: of the known grains, this share must be of one variety. */
const ONE_VARIETY = 0.9;
/** 97.5 % point of the standard normal distribution. */
const Z_95 = 1.959963984540054;

type Sizes = Pick<ScanSummary, 'lengths' | 'sizeClasses' | 'thousandKernelMass'>;

/**
 * Lengths, classes of size and estimated mass of a sample.
 *
 * The ratio is that of the mean length and the mean width, as rules measure it: grains laid end to end, then side by side.
 *
 * @param grains those of the pictures that no border cuts
 */
export function summarizeSizes(pictures: readonly ScannedPicture[], grains: readonly ScannedGrain[]): Sizes {
  const metric = pictures.every(({scale}) => scale !== null) && grains.every(({mm}) => mm !== undefined);
  const sizeOf = (grain: ScannedGrain) => (metric && grain.mm ? grain.mm : grain);
  const graded = grains.filter(({grade}) => grade === 'whole');
  const enough = graded.length >= LEAST_WHOLE;
  const sizes = (enough ? graded : grains).map(sizeOf);
  const lengths = sizes.map(({length}) => length);
  const [length, spread] = [mean(lengths), deviation(lengths)];
  const width = mean(sizes.map((size) => size.width));
  const ratio = width > 0 ? length / width : 0;
  const classes = enough && isOneVariety(grains) ? sizeClasses(ratio, metric ? length : undefined) : undefined;
  const masses = graded.flatMap(({mass}) => (mass === undefined ? [] : [mass]));
  return {
    lengths: {
      unit: metric && grains.length > 0 ? 'mm' : 'px',
      mean: length,
      deviation: spread,
      variation: length > 0 ? spread / length : 0,
      histogram: histogram(grains.map((grain) => sizeOf(grain).length)),
      ratio,
      width,
    },
    ...defined({
      sizeClasses: classes,
      thousandKernelMass: enough && metric ? thousandKernelMass(masses) : undefined,
    }),
  };
}

/** In g, as the mean in mg is. The interval is that of the mean; what the estimate of a single mass is wrong by is not in it. */
function thousandKernelMass(masses: readonly number[]): Sizes['thousandKernelMass'] {
  if (masses.length < LEAST_WHOLE) return undefined;
  const grams = mean(masses);
  const half = (Z_95 * deviation(masses)) / Math.sqrt(masses.length);
  return {grams, low: Math.max(0, grams - half), high: grams + half};
}

function isOneVariety(grains: readonly ScannedGrain[]): boolean {
  const known = grains.filter((grain) => grain.known);
  const most = Math.max(0, ...[...groupBy(known, ({label}) => label).values()].map((group) => group.length));
  return most >= ONE_VARIETY * known.length;
}
