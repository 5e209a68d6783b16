import type {Graph} from '../../onnx/graph.ts';
import type {Value} from '../../onnx/types.ts';
import {concatenate} from '../operators/concatenate.ts';
import {Random} from '../random.ts';

/**
 * Vectors of many dimensions as few numbers: their principal components (Pearson 1901), and the length of what these leave out,
 * which is large for what is like nothing that was seen (Wang et al. 2022, arXiv:2203.10807).
 */
export interface Reduction {
  dimensions: number;
  components: number;
  /** [D] */
  mean: Float32Array;
  /** [D, K], orthonormal columns. */
  basis: Float32Array;
}

/** Vectors with more dimensions than this are reduced: matrices of so many squared numbers would be most of a model file. */
export const MOST_DIMENSIONS = 512;
const COMPONENTS = 64;
/** As many vectors show the components. */
const ENOUGH = 2000;
const ITERATIONS = 4;

/**
 * Fits a reduction by subspace iteration (Halko et al. 2011, arXiv:0909.4061) on evenly spaced rows.
 *
 * @param vectors [N, D], row-major
 */
export function fitReduction(vectors: Float32Array, dimensions: number): Reduction {
  const count = vectors.length / dimensions;
  const step = Math.max(1, count / ENOUGH);
  const rows = Array.from({length: Math.min(count, ENOUGH)}, (_, i) => {
    const at = Math.floor(i * step) * dimensions;
    return vectors.subarray(at, at + dimensions);
  });
  const mean = new Float64Array(dimensions);
  for (const row of rows) for (let i = 0; i < dimensions; i++) mean[i] += row[i] / rows.length;
  const components = Math.min(COMPONENTS, rows.length - 1, dimensions);
  const random = new Random(1, 'reduction');
  let basis: Float64Array[] = Array.from({length: components}, () =>
    Float64Array.from({length: dimensions}, () => random.normal()),
  );
  for (let iteration = 0; iteration < ITERATIONS; iteration++) {
    orthonormalize(basis);
    basis = multiplyByCovariance(rows, mean, basis);
  }
  orthonormalize(basis);
  const flat = new Float32Array(dimensions * components);
  basis.forEach((column, k) => {
    for (let i = 0; i < dimensions; i++) flat[i * components + k] = column[i];
  });
  return {dimensions, components, mean: Float32Array.from(mean), basis: flat};
}

/** X' X b for each vector b of a basis, where X has the centered rows. */
function multiplyByCovariance(
  rows: readonly Float32Array[],
  mean: Float64Array,
  basis: readonly Float64Array[],
): Float64Array[] {
  const products = basis.map(() => new Float64Array(mean.length));
  const centered = new Float64Array(mean.length);
  for (const row of rows) {
    for (let i = 0; i < mean.length; i++) centered[i] = row[i] - mean[i];
    basis.forEach((vector, k) => {
      let along = 0;
      for (let i = 0; i < mean.length; i++) along += centered[i] * vector[i];
      const product = products[k];
      for (let i = 0; i < mean.length; i++) product[i] += along * centered[i];
    });
  }
  return products;
}

/** Gram-Schmidt, twice, since once leaves rounding errors. What is dependent on the others becomes 0. */
function orthonormalize(basis: readonly Float64Array[]): void {
  for (let pass = 0; pass < 2; pass++) {
    basis.forEach((vector, k) => {
      const before = Math.sqrt(dot(vector, vector));
      for (const other of basis.slice(0, k)) {
        const along = dot(vector, other);
        for (let i = 0; i < vector.length; i++) vector[i] -= along * other[i];
      }
      const length = Math.sqrt(dot(vector, vector));
      const factor = length > 1e-10 * before ? 1 / length : 0;
      for (let i = 0; i < vector.length; i++) vector[i] *= factor;
    });
  }
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

/** The reduced vectors, [N, K + 1], as `addReduction` has them in a graph. */
export function reduceVectors(vectors: Float32Array, {dimensions, components, mean, basis}: Reduction): Float32Array {
  const count = vectors.length / dimensions;
  const reduced = new Float32Array(count * (components + 1));
  const along = new Float64Array(components);
  const centered = new Float64Array(dimensions);
  for (let row = 0; row < count; row++) {
    along.fill(0);
    for (let i = 0; i < dimensions; i++) {
      centered[i] = vectors[row * dimensions + i] - mean[i];
      for (let k = 0; k < components; k++) along[k] += centered[i] * basis[i * components + k];
    }
    const at = row * (components + 1);
    reduced.set(along, at);
    reduced[at + components] = lengthOfRest(centered, along, basis);
  }
  return reduced;
}

/**
 * The length of what the components leave out. The difference of two squared lengths would have few right digits where nearly
 * everything is along the components.
 */
function lengthOfRest(centered: Float64Array, along: Float64Array, basis: Float32Array): number {
  let square = 0;
  for (let i = 0; i < centered.length; i++) {
    let rest = centered[i];
    for (let k = 0; k < along.length; k++) rest -= along[k] * basis[i * along.length + k];
    square += rest * rest;
  }
  return Math.sqrt(square);
}

/** The reduced rows of x [N, D]: float32 [N, K + 1]. */
export function addReduction(graph: Graph, x: Value, {dimensions, components, mean, basis}: Reduction): Value {
  const centered = graph.node('Sub', [x, graph.constant(mean)]);
  const columns = graph.constant(basis, [dimensions, components]);
  const along = graph.node('MatMul', [centered, columns]);
  const rest = graph.node('Sub', [centered, graph.node('Gemm', [along, columns], {transB: 1})]);
  const square = graph.node('ReduceSumSquare', [rest], {axes: [1], keepdims: 1});
  return concatenate(graph, [along, graph.node('Sqrt', [square])], 1);
}
