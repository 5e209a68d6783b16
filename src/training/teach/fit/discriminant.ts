/**
 * Linear discriminant analysis (Fisher 1936; Hastie, Tibshirani and Friedman, The Elements of Statistical Learning, 4.3): normal
 * distributions of the labels with one covariance, which makes the logits linear. Of few pictures the covariance is not known
 * well, so it is shrunk towards that of independent numbers (Friedman 1989). It needs no iterations, and the sums over folds
 * add up, so that all folds cost little more than one.
 */
import {cholesky} from '../../scores/cholesky.ts';
import type {LinearHead} from './linear-head.ts';

/** Numbers that hardly vary within labels are rounding. */
const CONSTANT = 1e-6;

/** Sums over the rows of each label: what the analysis needs to know of them. */
export class ScatterSums {
  readonly dimensions: number;
  readonly classes: number;
  readonly counts: Float64Array;
  /** [C, D]. */
  readonly sums: Float64Array;
  /** [D, D], the lower triangle: of all labels together. */
  readonly products: Float64Array;

  constructor(dimensions: number, classes: number) {
    this.dimensions = dimensions;
    this.classes = classes;
    this.counts = new Float64Array(classes);
    this.sums = new Float64Array(classes * dimensions);
    this.products = new Float64Array(dimensions * dimensions);
  }

  add(row: Float32Array, label: number): void {
    const {dimensions, sums, products} = this;
    this.counts[label]++;
    const base = label * dimensions;
    for (let i = 0; i < dimensions; i++) {
      const value = row[i];
      sums[base + i] += value;
      if (value === 0) continue;
      const at = i * dimensions;
      for (let j = 0; j <= i; j++) products[at + j] += value * row[j];
    }
  }

  addAll(other: ScatterSums): void {
    accumulate(this.counts, other.counts);
    accumulate(this.sums, other.sums);
    accumulate(this.products, other.products);
  }
}

/**
 * Fits the head.
 *
 * @param shrinkage share of the identity in the covariance of the scaled numbers, 0 to 1
 */
export function fitDiscriminant(
  {dimensions, classes, counts, sums, products}: ScatterSums,
  shrinkage: number,
): LinearHead {
  const total = counts.reduce((sum, count) => sum + count, 0);
  const means = sums.map((value, at) => value / Math.max(1, counts[Math.floor(at / dimensions)]));
  const within = new Float64Array(dimensions * dimensions);
  for (let i = 0; i < dimensions; i++) {
    for (let j = 0; j <= i; j++) {
      let value = products[i * dimensions + j];
      for (let label = 0; label < classes; label++)
        value -= counts[label] * means[label * dimensions + i] * means[label * dimensions + j];
      within[i * dimensions + j] = value / total;
    }
  }
  const scale = Float64Array.from({length: dimensions}, (_, i) => {
    const deviation = Math.sqrt(Math.max(0, within[i * dimensions + i]));
    // What is the same in all pictures tells nothing.
    return deviation > CONSTANT ? 1 / deviation : 0;
  });
  const shrunk = new Float64Array(dimensions * dimensions);
  for (let i = 0; i < dimensions; i++) {
    for (let j = 0; j < i; j++) {
      const value = (1 - shrinkage) * within[i * dimensions + j] * scale[i] * scale[j];
      shrunk[i * dimensions + j] = value;
      shrunk[j * dimensions + i] = value;
    }
    shrunk[i * dimensions + i] = 1;
  }
  const lower = cholesky(shrunk, dimensions);
  const weights = new Float64Array(dimensions * classes);
  const bias = new Float64Array(classes);
  for (let label = 0; label < classes; label++) {
    const scaled = scale.map((value, i) => value * means[label * dimensions + i]);
    const solved = solve(lower, scaled, dimensions);
    for (let i = 0; i < dimensions; i++) {
      weights[i * classes + label] = solved[i] * scale[i];
      bias[label] -= (solved[i] * scaled[i]) / 2;
    }
  }
  return {dimensions, classes, weights, bias};
}

/** The x of L L' x = b. */
function solve(lower: Float64Array, b: Float64Array, n: number): Float64Array {
  const x = b.slice();
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < i; k++) x[i] -= lower[i * n + k] * x[k];
    x[i] /= lower[i * n + i];
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let k = i + 1; k < n; k++) x[i] -= lower[k * n + i] * x[k];
    x[i] /= lower[i * n + i];
  }
  return x;
}

function accumulate(target: Float64Array, values: Float64Array): void {
  for (let i = 0; i < target.length; i++) target[i] += values[i];
}
