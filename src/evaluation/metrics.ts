/** What a classifier is worth on one label. `null` stands for 0 / 0: nothing was predicted, or nothing was there. */
export interface ClassMetrics {
  /** Of the images called this, the share that are. */
  precision: number | null;
  /** Of the images that are this, the share called so. */
  recall: number | null;
  /** Harmonic mean of precision and recall: 2 TP / (2 TP + FP + FN). */
  f1: number | null;
  /** Images that are this. */
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

/** Share of right answers, from a confusion matrix; 0 when it is empty. */
export function accuracy(matrix: readonly (readonly number[])[]): number {
  const right = matrix.reduce((total, row, label) => total + row[label], 0);
  const all = sum(matrix.map(sum));
  return all === 0 ? 0 : right / all;
}

/**
 * Precision, recall and F1 of each label.
 *
 * @param matrix rows are true, columns predicted labels
 */
export function perClassMetrics(matrix: readonly (readonly number[])[]): ClassMetrics[] {
  return matrix.map((row, label) => {
    const hits = row[label];
    const support = sum(row);
    const called = sum(matrix.map((other) => other[label]));
    return {
      precision: ratio(hits, called),
      recall: ratio(hits, support),
      f1: ratio(2 * hits, called + support),
      support,
    };
  });
}

/**
 * Wilson's score interval for a proportion at 95 %. Unlike the normal approximation it stays inside [0, 1] and says
 * something at 0 and 100 % (E. B. Wilson, JASA 22, 1927).
 *
 * @param successes of `trials`; without trials the interval is [0, 1]
 */
export function wilsonInterval(successes: number, trials: number): Interval {
  if (trials === 0) return {low: 0, high: 1, level: 0.95};
  const p = successes / trials;
  const z2 = Z_95 ** 2 / trials;
  const center = (p + z2 / 2) / (1 + z2);
  const half = (Z_95 / (1 + z2)) * Math.sqrt((p * (1 - p)) / trials + z2 / (4 * trials));
  // Rounding must not leave an interval without the ends that it has in exact arithmetic.
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
