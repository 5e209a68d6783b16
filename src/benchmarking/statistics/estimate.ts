import {studentPoint} from './student.ts';

/** A quantity from several rounds, with the interval in which 95 % of such experiments find it; null from one round. */
export interface Estimate {
  value: number;
  low: number | null;
  high: number | null;
}

/**
 * The geometric mean of positive values, one a round, with its 95 % interval: Student's, of the mean of the logarithms. What
 * disturbs a time or a rate multiplies it, and the interval of a ratio is then that of its inverse, turned around.
 */
export function estimate(values: readonly number[]): Estimate {
  const logarithms = values.map(Math.log);
  const mean = logarithms.reduce((sum, each) => sum + each, 0) / values.length;
  if (values.length < 2) return {value: Math.exp(mean), low: null, high: null};
  const variance = logarithms.reduce((sum, each) => sum + (each - mean) ** 2, 0) / (values.length - 1);
  const half = studentPoint(values.length - 1) * Math.sqrt(variance / values.length);
  return {value: Math.exp(mean), low: Math.exp(mean - half), high: Math.exp(mean + half)};
}

/**
 * How many times `values` is `base`: from the ratio within each round, so that what slowed a whole round down is in neither the ratio
 * nor its interval.
 *
 * @param values one a round, in the same order as `base`
 */
export function ratio(values: readonly number[], base: readonly number[]): Estimate {
  return estimate(values.map((value, round) => value / base[round]));
}
