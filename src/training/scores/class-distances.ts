import type {Graph} from '../../onnx/graph.ts';
import type {Value} from '../../onnx/types.ts';
import {reshape} from '../operators/operator.ts';
import {cholesky, invertLower} from './cholesky.ts';

/**
 * How far vectors are from the nearest of several classes: for each class a matrix and an offset that turn a vector x into
 * L^-1 (x - mean) / sqrt(D), where L L' is the class's covariance, so that its squared length is the squared Mahalanobis
 * distance (Mahalanobis 1936) over the number of dimensions.
 */
export interface ClassDistances {
  dimensions: number;
  classes: number;
  /** [D, C D], a class's columns beside the next one's. */
  projection: Float32Array;
  /** [C D], to be taken away after the projection. */
  offset: Float32Array;
}

/** Of a class's covariance, the share that comes from all classes together: a class may have few images. */
const SHARED = 0.1;
/** The least variance in any direction, as a share of the vectors' mean variance there. */
const RIDGE = 1e-3;
/** A deviation of so small a share of the mean is the rounding of float32. */
const CONSTANT = 1e-6;

/**
 * Fits a normal distribution to the vectors of each class.
 *
 * @param vectors [N, D]
 * @param names the class of each; one of which there is no vector is none
 */
export function fitClassDistances(vectors: Float32Array, names: readonly number[]): ClassDistances {
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
    const shrunk = covariance.map((value, i) => (1 - SHARED) * value + SHARED * pooled(own, counts, i));
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

/** The same distances, each divided by `unit`. */
export function inUnitsOf(distances: ClassDistances, unit: number): ClassDistances {
  const divided = (values: Float32Array) => values.map((value) => value / unit);
  return {...distances, projection: divided(distances.projection), offset: divided(distances.offset)};
}

/**
 * The distance of each row of x [N, D] from its nearest class: float32 [N]. The projections are triangular: the first half
 * of their results needs the first half of x only, which a file keeps without the zeros.
 */
export function distanceToNearest(graph: Graph, x: Value, distances: ClassDistances): Value {
  const {dimensions} = distances;
  const half = dimensions >> 1;
  const start = graph.node('Slice', [x, graph.integers(0), graph.integers(half), graph.integers(1)]);
  const parts = half > 0 ? [squares(graph, start, distances, 0, half)] : [];
  parts.push(squares(graph, x, distances, half, dimensions));
  const sum = parts.reduce((a, b) => graph.node('Add', [a, b]));
  return graph.node('Sqrt', [graph.node('ReduceMin', [sum], {axes: [1], keepdims: 0})]);
}

/** For each class the squared length of a part of the projection, which needs the first `end` numbers of x: [N, C]. */
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
      shift[label * width + out] = offset[label * dimensions + begin + out];
      for (let i = 0; i < end; i++)
        weights[(i * classes + label) * width + out] = projection[(i * classes + label) * dimensions + begin + out];
    }
  }
  const projected = graph.node('Sub', [
    graph.node('MatMul', [x, graph.constant(weights, [end, classes * width])]),
    graph.constant(shift),
  ]);
  return graph.node('ReduceSumSquare', [reshape(graph, projected, 0, classes, width)], {axes: [2], keepdims: 0});
}

/** Standard deviation of each dimension over all vectors: what the covariances are computed in, so that none drowns. */
function deviations(vectors: Float32Array, dimensions: number): Float64Array {
  const count = vectors.length / dimensions;
  const sums = new Float64Array(dimensions);
  const squares = new Float64Array(dimensions);
  vectors.forEach((value, at) => {
    sums[at % dimensions] += value;
    squares[at % dimensions] += value * value;
  });
  const own = sums.map((sum, i) => Math.sqrt(Math.max(0, squares[i] / count - (sum / count) ** 2)));
  // What never changes says nothing: in these units it is 0, and no distance is measured along it.
  return own.map((deviation, i) =>
    deviation > CONSTANT * Math.abs(sums[i] / count) ? deviation : Number.POSITIVE_INFINITY,
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
  const centred = new Float64Array(dimensions);
  for (let row = 0; row < labels.length; row++) {
    const sum = sums[labels[row]];
    for (let i = 0; i < dimensions; i++) centred[i] = vectors[row * dimensions + i] / spread[i] - means[labels[row]][i];
    for (let i = 0; i < dimensions; i++)
      for (let j = 0; j < dimensions; j++) sum[i * dimensions + j] += centred[i] * centred[j];
  }
  return sums.map((sum, label) => sum.map((value) => value / counts[label]));
}

/** An element of the covariance within the classes. */
function pooled(covariances: Float64Array[], counts: Float64Array, at: number): number {
  let sum = 0;
  let total = 0;
  covariances.forEach((covariance, label) => {
    sum += counts[label] * covariance[at];
    total += counts[label];
  });
  return sum / total;
}
