/**
 * Linear discriminant analysis: Gaussian labels with one covariance, here shrunk as few pictures demand. Of the linear
 * classifiers it is the one for doubtful labels: it has no setting to choose, is computed in closed form, and a few wrong
 * labels hardly move its means. T. Hastie, R. Tibshirani, J. Friedman, "The elements of statistical learning", 2nd
 * edition, section 4.3.
 */

import {cholesky, invertLower} from '../../training/scores/cholesky.ts';
import {shrunkCovariance} from './shrunk-covariance.ts';

/** Rows of numbers, one for each picture. */
export interface Rows {
  /** Row-major, `count * width` numbers. */
  data: ArrayLike<number>;
  width: number;
}

/** Scores are linear: `scores = weights * x + offsets`, the logarithms of probabilities up to a common summand. */
export interface LinearDiscriminant {
  classes: number;
  width: number;
  /** `classes * width` numbers. */
  weights: Float64Array;
  /** Minus infinity for a label without pictures. */
  offsets: Float64Array;
}

/**
 * Fits it to some of the rows.
 *
 * @param labels of all rows, from 0 to `classes - 1`
 * @param members the rows to learn from
 */
export function fitDiscriminant(
  rows: Rows,
  labels: ArrayLike<number>,
  members: readonly number[],
  classes: number,
): LinearDiscriminant {
  const {width} = rows;
  const {means, counts} = classMeans(rows, labels, members, classes);
  const centered = new Float64Array(members.length * width);
  members.forEach((row, i) => {
    for (let k = 0; k < width; k++)
      centered[i * width + k] = rows.data[row * width + k] - means[labels[row] * width + k];
  });
  const scales = standardize(centered, width);
  const covariance = shrunkCovariance(centered, width);
  const weights = new Float64Array(classes * width);
  const offsets = new Float64Array(classes).fill(Number.NEGATIVE_INFINITY);
  const inverse = invertLower(cholesky(covariance, width), width);
  for (let label = 0; label < classes; label++) {
    if (counts[label] === 0) continue;
    const mean = Float64Array.from({length: width}, (_, k) => means[label * width + k] / scales[k]);
    const solved = timesTransposed(inverse, times(inverse, mean));
    let half = 0;
    for (let k = 0; k < width; k++) {
      weights[label * width + k] = solved[k] / scales[k];
      half += solved[k] * mean[k];
    }
    offsets[label] = Math.log(counts[label] / members.length) - half / 2;
  }
  return {classes, width, weights, offsets};
}

/** Probabilities of one row, written to `into` from `at` on: the softmax of its scores. */
export function discriminate(
  {classes, width, weights, offsets}: LinearDiscriminant,
  {data}: Rows,
  row: number,
  into: Float64Array,
  at: number,
): void {
  let largest = Number.NEGATIVE_INFINITY;
  for (let label = 0; label < classes; label++) {
    let score = offsets[label];
    for (let k = 0; k < width; k++) score += weights[label * width + k] * data[row * width + k];
    into[at + label] = score;
    largest = Math.max(largest, score);
  }
  let sum = 0;
  for (let label = 0; label < classes; label++) sum += into[at + label] = Math.exp(into[at + label] - largest);
  for (let label = 0; label < classes; label++) into[at + label] /= sum;
}

function classMeans({data, width}: Rows, labels: ArrayLike<number>, members: readonly number[], classes: number) {
  const means = new Float64Array(classes * width);
  const counts = new Float64Array(classes);
  for (const row of members) {
    counts[labels[row]] += 1;
    for (let k = 0; k < width; k++) means[labels[row] * width + k] += data[row * width + k];
  }
  for (let i = 0; i < means.length; i++) means[i] /= Math.max(1, counts[Math.floor(i / width)]);
  return {means, counts};
}

/** Divides each column by its standard deviation. @returns these, 1 for a column that does not vary */
function standardize(centered: Float64Array, width: number): Float64Array {
  const scales = new Float64Array(width);
  for (let i = 0; i < centered.length; i++) scales[i % width] += centered[i] ** 2;
  const count = Math.max(1, centered.length / width);
  for (let k = 0; k < width; k++) scales[k] = Math.sqrt(scales[k] / count) || 1;
  for (let i = 0; i < centered.length; i++) centered[i] /= scales[i % width];
  return scales;
}

/** The product of a square matrix, row-major, with a vector. */
function times(matrix: Float64Array, vector: Float64Array): Float64Array {
  const {length} = vector;
  return vector.map((_, i) => vector.reduce((sum, value, k) => sum + matrix[i * length + k] * value, 0));
}

function timesTransposed(matrix: Float64Array, vector: Float64Array): Float64Array {
  const {length} = vector;
  return vector.map((_, i) => vector.reduce((sum, value, k) => sum + matrix[k * length + i] * value, 0));
}
