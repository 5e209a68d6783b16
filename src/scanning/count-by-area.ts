import type {MeasuredGrain} from './types.ts';

/** So many grains that lie apart say how large one is. */
const LEAST_APART = 10;

/**
 * All grains' area divided by the mean of those that lie apart: a count that knows nothing of how the others were separated. Where
 * too few lie apart it is the number of grains.
 */
export function countByArea(grains: readonly MeasuredGrain[]): number {
  const apart = grains.filter(({touching, border}) => !touching && !border);
  if (apart.length < LEAST_APART) return grains.length;
  const mean = apart.reduce((sum, {area}) => sum + area, 0) / apart.length;
  const joined = grains.filter(({touching}) => touching);
  return grains.length - joined.length + Math.round(joined.reduce((sum, {area}) => sum + area, 0) / mean);
}
