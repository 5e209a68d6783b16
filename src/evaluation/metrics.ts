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

function ratio(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
