import type {HistogramData} from './event.ts';

/** Counts values into bins of equal width from the least to the greatest. Numbers that are none are left out. */
export function histogramOf(values: Float32Array, bins = 64): HistogramData {
  let [min, max, sum, sumSquares, count] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, 0, 0];
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    if (value < min) min = value;
    if (value > max) max = value;
    sum += value;
    sumSquares += value * value;
    count++;
  }
  if (count === 0) return {min: 0, max: 0, count: 0, sum: 0, sumSquares: 0, limits: [0], counts: [0]};
  if (min === max) return {min, max, count, sum, sumSquares, limits: [max], counts: [count]};
  const counts = new Array<number>(bins).fill(0);
  const width = (max - min) / bins;
  for (const value of values) {
    if (Number.isFinite(value)) counts[Math.min(bins - 1, Math.floor((value - min) / width))]++;
  }
  const limits = counts.map((_, i) => (i === bins - 1 ? max : min + width * (i + 1)));
  return {min, max, count, sum, sumSquares, limits, counts};
}
