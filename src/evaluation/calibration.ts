/** The answers with a confidence in (low, high]. */
export interface CalibrationBin {
  low: number;
  high: number;
  count: number;
  /** Mean confidence of the answers; `null` in an empty bin, like `accuracy`. */
  confidence: number | null;
  /** Share of right answers. */
  accuracy: number | null;
}

export interface Calibration {
  /** Expected calibration error: mean distance between confidence and accuracy, 0 to 1. */
  ece: number;
  /** The reliability diagram, in the order of confidence. */
  bins: CalibrationBin[];
}

/**
 * Expected calibration error over bins of equal width (Guo et al., "On calibration of modern neural networks", ICML
 * 2017): the mean of |accuracy - mean confidence| over the bins, weighted by their number of answers.
 *
 * @param confidences confidence of each predicted label, 0 to 1
 * @param right whether each predicted label is right, of the same length
 */
export function calibration(confidences: ArrayLike<number>, right: ArrayLike<boolean>, bins = 15): Calibration {
  const counts = new Float64Array(bins);
  const confidenceSums = new Float64Array(bins);
  const hits = new Float64Array(bins);
  for (let i = 0; i < confidences.length; i++) {
    const bin = Math.min(bins - 1, Math.max(0, Math.ceil(confidences[i] * bins) - 1));
    counts[bin] += 1;
    confidenceSums[bin] += confidences[i];
    hits[bin] += Number(right[i]);
  }
  let distance = 0;
  for (let bin = 0; bin < bins; bin++) distance += Math.abs(hits[bin] - confidenceSums[bin]);
  return {
    ece: confidences.length === 0 ? 0 : distance / confidences.length,
    bins: Array.from(counts, (count, bin) => ({
      low: bin / bins,
      high: (bin + 1) / bins,
      count,
      confidence: count === 0 ? null : confidenceSums[bin] / count,
      accuracy: count === 0 ? null : hits[bin] / count,
    })),
  };
}
