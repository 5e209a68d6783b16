import type {Graph} from '../../onnx/graph.ts';
import type {Value} from '../../onnx/types.ts';
import {reshape} from '../operators/operator.ts';
import {cholesky, invertLower} from './cholesky.ts';

/**
 * Distances of vectors from the nearest of several classes: for each class a matrix and an offset that map a vector x to
 * L^-1 (x - mean) / sqrt(D), where L L' is the class's covariance. The squared length of the result is the squared
 * Mahalanobis distance (Mahalanobis 1936) divided by the number of dimensions.
 */
export interface ClassDistances {
  dimensions: number;
  classes: number;
  /** [D, C D], the columns of each class side by side. */
  projection: Float32Array;
  /** [C D], subtracted after the projection. */
  offset: Float32Array;
}

/** Shrinkage of each class's covariance towards the pooled one where a class has many images. */
const SHRINKAGE = 0.1;
/** Added to the variance of each dimension, as a share of its variance over all vectors. */
const RIDGE = 1e-3;
/** A standard deviation below this share of the mean is float32 rounding. */
const CONSTANT_SHARE = 1e-6;

/**
 * Fits a normal distribution to the vectors of each class. Classes without vectors are left out.
 *
 * @param vectors [N, D]
 * @param names the class of each vector
 * @param shrinkage of each class's covariance towards the pooled one: more where classes have few images
 */
export function fitClassDistances(
  vectors: Float32Array,
  names: readonly number[],
  shrinkage: number = SHRINKAGE,
): ClassDistances {
  const present = [...new Set(names)].sort((a, b) => a - b);
  const labels = names.map((name) => present.indexOf(name));
  const classes = present.length;
  const count = labels.length;
  const dimensions = vectors.length / count;
  const spread = deviations(vectors, dimensions);
  const means = Array.from({length: classes}, () => new Float64Array(dimensions));
  const counts = new Float64Array(classes);
  for (let row = 0; row < count; row++) {
    counts[labels[row]]++;
    for (let i = 0; i < dimensions; i++) means[labels[row]][i] += vectors[row * dimensions + i] / spread[i];
  }
  means.forEach((mean, label) => {
    for (let i = 0; i < dimensions; i++) mean[i] /= counts[label];
  });
  const own = covariances(vectors, labels, dimensions, spread, means, counts);
  const projection = new Float32Array(dimensions * classes * dimensions);
  const offset = new Float32Array(classes * dimensions);
  own.forEach((covariance, label) => {
    const shrunk = covariance.map((value, i) => (1 - shrinkage) * value + shrinkage * pooled(own, counts, i));
    for (let i = 0; i < dimensions; i++) shrunk[i * dimensions + i] += RIDGE;
    const inverse = invertLower(cholesky(shrunk, dimensions), dimensions);
    for (let out = 0; out < dimensions; out++) {
      let shift = 0;
      for (let i = 0; i <= out; i++) {
        const weight = inverse[out * dimensions + i] / Math.sqrt(dimensions);
        projection[(i * classes + label) * dimensions + out] = weight / spread[i];
        shift += weight * means[label][i];
      }
      offset[label * dimensions + out] = shift;
    }
  });
  return {dimensions, classes, projection, offset};
}

/** The distances divided by `unit`. */
export function inUnitsOf(distances: ClassDistances, unit: number): ClassDistances {
  const divided = (values: Float32Array) => values.map((value) => value / unit);
  return {...distances, projection: divided(distances.projection), offset: divided(distances.offset)};
}

/** The distance of each vector from its nearest class, as `distanceToNearest` has it in a graph. */
export function nearestDistances(vectors: Float32Array, distances: ClassDistances): Float64Array {
  const {dimensions, classes, projection, offset} = distances;
  const nearest = new Float64Array(vectors.length / dimensions);
  for (let row = 0; row < nearest.length; row++) {
    let least = Number.POSITIVE_INFINITY;
    for (let label = 0; label < classes; label++) {
      let square = 0;
      for (let out = 0; out < dimensions && square < least; out++) {
        let sum = -offset[label * dimensions + out];
        // The projections are triangular.
        for (let i = 0; i <= out; i++)
          sum += vectors[row * dimensions + i] * projection[(i * classes + label) * dimensions + out];
        square += sum * sum;
      }
      least = Math.min(least, square);
    }
    nearest[row] = Math.sqrt(least);
  }
  return nearest;
}

/** From this many dimensions on, a projection is split: below it, more nodes take longer than fewer numbers. */
const MANY_DIMENSIONS = 24;

/**
 * The distance of each row of x [N, D] from its nearest class: float32 [N]. The projections are triangular, so the first
 * half of their outputs needs only the first half of x; splitting them keeps those zeros out of the model file.
 */
export function distanceToNearest(graph: Graph, x: Value, distances: ClassDistances): Value {
  const {dimensions} = distances;
  const half = dimensions < MANY_DIMENSIONS ? 0 : dimensions >> 1;
  const start = graph.node('Slice', [x, graph.integers(0), graph.integers(half), graph.integers(1)]);
  const parts = half > 0 ? [squares(graph, start, distances, 0, half)] : [];
  parts.push(squares(graph, x, distances, half, dimensions));
  const sum = parts.reduce((a, b) => graph.node('Add', [a, b]));
  return graph.node('Sqrt', [graph.node('ReduceMin', [sum], {axes: [1], keepdims: 0})]);
}

/** The squared length of a part of each class's projection, which needs the first `end` elements of x: [N, C]. */
function squares(
  graph: Graph,
  x: Value,
  {dimensions, classes, projection, offset}: ClassDistances,
  begin: number,
  end: number,
): Value {
  const width = end - begin;
  const weights = new Float32Array(end * classes * width);
  const shift = new Float32Array(classes * width);
  for (let label = 0; label < classes; label++) {
    for (let out = 0; out < width; out++) {
      shift[label * width + out] = -offset[label * dimensions + begin + out];
      for (let i = 0; i < end; i++)
        weights[(i * classes + label) * width + out] = projection[(i * classes + label) * dimensions + begin + out];
    }
  }
  const projected = graph.node('Gemm', [x, graph.constant(weights, [end, classes * width]), graph.constant(shift)]);
  return graph.node('ReduceSumSquare', [reshape(graph, projected, 0, classes, width)], {axes: [2], keepdims: 0});
}

/** Standard deviation of each dimension over all vectors, by which they are divided to give all the same scale. */
function deviations(vectors: Float32Array, dimensions: number): Float64Array {
  const count = vectors.length / dimensions;
  const sums = new Float64Array(dimensions);
  const squares = new Float64Array(dimensions);
  vectors.forEach((value, at) => {
    sums[at % dimensions] += value;
    squares[at % dimensions] += value * value;
  });
  const own = sums.map((sum, i) => Math.sqrt(Math.max(0, squares[i] / count - (sum / count) ** 2)));
  // A constant dimension carries no information: divided by infinity it is 0 and adds nothing to a distance.
  return own.map((deviation, i) =>
    deviation > CONSTANT_SHARE * Math.abs(sums[i] / count) ? deviation : Number.POSITIVE_INFINITY,
  );
}

function covariances(
  vectors: Float32Array,
  labels: readonly number[],
  dimensions: number,
  spread: Float64Array,
  means: Float64Array[],
  counts: Float64Array,
): Float64Array[] {
  const sums = means.map(() => new Float64Array(dimensions * dimensions));
  const centered = new Float64Array(dimensions);
  for (let row = 0; row < labels.length; row++) {
    const sum = sums[labels[row]];
    for (let i = 0; i < dimensions; i++)
      centered[i] = vectors[row * dimensions + i] / spread[i] - means[labels[row]][i];
    for (let i = 0; i < dimensions; i++)
      for (let j = 0; j < dimensions; j++) sum[i * dimensions + j] += centered[i] * centered[j];
  }
  return sums.map((sum, label) => sum.map((value) => value / counts[label]));
}

/** An element of the pooled within-class covariance. */
function pooled(covariances: Float64Array[], counts: Float64Array, at: number): number {
  let sum = 0;
  let total = 0;
  covariances.forEach((covariance, label) => {
    sum += counts[label] * covariance[at];
    total += counts[label];
  });
  return sum / total;
}
