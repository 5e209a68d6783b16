import {quantile} from './statistics.ts';

/** ISO 7301: a grain from 9/10 of the mean length is whole. */
export const WHOLE_FROM = 0.9;
/** Anything longer is two grains that were taken for one, or another kind. */
const SINGLE_UP_TO = 1.25;

/**
 * Mean length of the whole grains among whole and broken ones: the mean of those from 9/10 of the current value, from the
 * 80th percentile on, until it stays. Unlike the mean of all it is not pulled down by broken grains; and it is not pulled up
 * by pairs that nobody separated, because what is longer than 5/4 of the current value does not count.
 *
 * @returns NaN if there are no lengths
 */
export function wholeLength(lengths: readonly number[]): number {
  let current = quantile(lengths, 0.8);
  // Two sets of grains in turn, without an end, can't be excluded; twenty rounds are more than any sample takes.
  for (let round = 0; round < 20; round++) {
    const whole = lengths.filter((length) => length >= WHOLE_FROM * current && length <= SINGLE_UP_TO * current);
    if (whole.length === 0) return current;
    const next = whole.reduce((total, length) => total + length, 0) / whole.length;
    if (next === current) break;
    current = next;
  }
  return current;
}
