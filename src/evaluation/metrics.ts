/** Metrics of a classifier for one label. `null` means 0 / 0: no predictions or no images of this label. */
export interface ClassMetrics {
  /** Share of right answers among the images predicted as this label: TP / (TP + FP). */
  precision: number | null;
  /** Share of right answers among the images of this label: TP / (TP + FN). */
  recall: number | null;
  /** Harmonic mean of precision and recall: 2 TP / (2 TP + FP + FN). */
  f1: number | null;
  /** Number of images of this label. */
  support: number;
}

export interface Interval {
  low: number;
  high: number;
  /** Confidence level, 0.95. */
  level: number;
}

/** 97.5 % point of the standard normal distribution. */
const Z_95 = 1.959963984540054;

/** Share of right answers, from a confusion matrix; 0 if it is empty. */
export function accuracy(matrix: readonly (readonly number[])[]): number {
  const right = matrix.reduce((total, row, label) => total + row[label], 0);
  const all = sum(matrix.map(sum));
  return all === 0 ? 0 : right / all;
}

/**
 * Precision, recall and F1 of each label.
 *
 * @param matrix rows are true labels, columns predicted ones
 */
export function perClassMetrics(matrix: readonly (readonly number[])[]): ClassMetrics[] {
  return matrix.map((row, label) => {
    const hits = row[label];
    const support = sum(row);
    const predicted = sum(matrix.map((other) => other[label]));
    return {
      precision: ratio(hits, predicted),
      recall: ratio(hits, support),
      f1: ratio(2 * hits, predicted + support),
      support,
    };
  });
}

/**
 * Wilson's score interval for a proportion at 95 %. Unlike the normal approximation, it stays inside [0, 1] and does
 * not collapse at 0 and 100 % (E. B. Wilson, JASA 22, 1927).
 *
 * @param successes number of successes in `trials`; without trials the interval is [0, 1]
 */
export function wilsonInterval(successes: number, trials: number): Interval {
  if (trials === 0) return {low: 0, high: 1, level: 0.95};
  const p = successes / trials;
  const z2 = Z_95 ** 2 / trials;
  const center = (p + z2 / 2) / (1 + z2);
  const half = (Z_95 / (1 + z2)) * Math.sqrt((p * (1 - p)) / trials + z2 / (4 * trials));
  // In exact arithmetic the ends are 0 and 1 here; rounding must not change that.
  const low = successes === 0 ? 0 : Math.max(0, center - half);
  const high = successes === trials ? 1 : Math.min(1, center + half);
  return {low, high, level: 0.95};
}

function ratio(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
