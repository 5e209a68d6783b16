/** Bins that a person can still read. */
const MOST_BINS = 20;

/**
 * Counts by equal bins whose edges are round numbers: steps of 1, 2 or 5 times a power of ten, at most 20 bins.
 *
 * @returns `counts[i]` values are from `edges[i]`, inclusive, to `edges[i + 1]`; one edge and no count if there are no values
 */
export function histogram(values: readonly number[]): {edges: number[]; counts: number[]} {
  if (values.length === 0) return {edges: [0], counts: []};
  const low = values.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY);
  const high = values.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
  const exponent = stepExponent(high - low || high || 1);
  const {step, digits} = [0, 1, 2, 3].map((i) => stepOf(exponent + i)).find((it) => fits(low, high, it.step))!;
  const first = Math.floor(low / step);
  const bins = Math.floor(high / step) - first + 1;
  const edges = Array.from({length: bins + 1}, (_, i) => Number(((first + i) * step).toFixed(digits)));
  const counts = new Array<number>(bins).fill(0);
  for (const value of values) counts[Math.floor(value / step) - first]++;
  return {edges, counts};
}

function fits(low: number, high: number, step: number): boolean {
  return Math.floor(high / step) - Math.floor(low / step) + 1 <= MOST_BINS;
}

/** The largest of 1, 2, 5, 10, 20 ..., numbered from 0 at 1, that is no more than a bin of `range` in 20. */
function stepExponent(range: number): number {
  const bin = range / MOST_BINS;
  const decade = Math.floor(Math.log10(bin));
  const lead = bin / 10 ** decade;
  return 3 * decade + (lead >= 5 ? 2 : lead >= 2 ? 1 : 0);
}

function stepOf(exponent: number): {step: number; digits: number} {
  const decade = Math.floor(exponent / 3);
  return {step: [1, 2, 5][exponent - 3 * decade] * 10 ** decade, digits: Math.max(0, -decade)};
}
