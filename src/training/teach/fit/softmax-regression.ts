import type {LinearHead} from './linear-head.ts';
import {minimize} from './minimize.ts';

/** Rows to fit to, one after the other. */
export interface WeightedRows {
  /** [N, D]. */
  rows: Float64Array;
  /** Logits that the head is added to: [N, C]. */
  logits: Float64Array;
  labels: number[];
  /** How much each row counts. */
  weights: number[];
}

/** The bias is held back less than the weights. */
const BIAS_SHARE = 0.1;

/**
 * Fits what a linear head adds to given logits: multinomial logistic regression whose weights are held near 0, so that what
 * the pictures say nothing of stays as it is.
 *
 * @param penalty half of it times the sum of squared weights is added to the mean cross-entropy
 */
export function fitCorrection(
  {rows, logits, labels, weights}: WeightedRows,
  dimensions: number,
  classes: number,
  penalty: number,
): LinearHead {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const count = labels.length;
  const shift = dimensions * classes;
  const chances = new Float64Array(classes);
  const loss = (x: Float64Array, gradient: Float64Array): number => {
    let value = 0;
    for (let i = 0; i < x.length; i++) {
      const factor = i < shift ? penalty : penalty * BIAS_SHARE;
      value += (factor * x[i] * x[i]) / 2;
      gradient[i] = factor * x[i];
    }
    for (let row = 0; row < count; row++) {
      let highest = Number.NEGATIVE_INFINITY;
      for (let label = 0; label < classes; label++) chances[label] = logits[row * classes + label] + x[shift + label];
      for (let i = 0; i < dimensions; i++) {
        const number = rows[row * dimensions + i];
        for (let label = 0; label < classes; label++) chances[label] += number * x[i * classes + label];
      }
      for (let label = 0; label < classes; label++) highest = Math.max(highest, chances[label]);
      let sum = 0;
      const own = chances[labels[row]];
      for (let label = 0; label < classes; label++) {
        chances[label] = Math.exp(chances[label] - highest);
        sum += chances[label];
      }
      const share = weights[row] / total;
      value += share * (Math.log(sum) + highest - own);
      for (let label = 0; label < classes; label++) {
        chances[label] = share * (chances[label] / sum - (label === labels[row] ? 1 : 0));
        gradient[shift + label] += chances[label];
      }
      for (let i = 0; i < dimensions; i++) {
        const number = rows[row * dimensions + i];
        for (let label = 0; label < classes; label++) gradient[i * classes + label] += number * chances[label];
      }
    }
    return value;
  };
  const fitted = minimize(loss, new Float64Array(shift + classes), {iterations: 150});
  return {dimensions, classes, weights: fitted.slice(0, shift), bias: fitted.slice(shift)};
}
