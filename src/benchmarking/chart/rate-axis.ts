import {linearTicks} from '../../common/report/axis.ts';
import type {Estimate} from '../statistics/estimate.ts';

/** How far beyond the greatest rate an axis goes at most: an interval of few rounds may be many times as long as all bars. */
const BEYOND = 1.5;

/** An axis from 0 for rates with their intervals. */
export interface RateAxis {
  ticks: number[];
  end: number;
}

export function rateAxis(rates: readonly Estimate[], count: number): RateAxis {
  const greatest = Math.max(...rates.map(({value}) => value));
  const highest = Math.max(...rates.map(({value, high}) => high ?? value));
  const ticks = linearTicks(0, Math.min(highest, greatest * BEYOND), count);
  return {ticks, end: ticks.at(-1)!};
}

/**
 * The interval of a rate as a path, with a line across each end that the axis still has.
 *
 * @param x place on the axis
 */
export function whiskerPath({low, high}: Estimate, y: number, end: number, x: (value: number) => number): string {
  if (low === null || high === null) return '';
  const cap = (value: number) => (value <= end ? `M${x(value)} ${y - 3}V${y + 3}` : '');
  return `M${x(Math.min(low, end))} ${y}H${x(Math.min(high, end))}${cap(low)}${cap(high)}`;
}
