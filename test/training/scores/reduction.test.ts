import {expect} from 'chai';
import {Graph} from '../../../src/onnx/graph.ts';
import {Random} from '../../../src/training/random.ts';
import {addReduction, fitReduction, type Reduction, reduceVectors} from '../../../src/training/scores/reduction.ts';
import {float32, floats, relativeError, runGraph} from '../../helpers/run-graph.ts';

const DIMENSIONS = 80;
const COMPONENTS = 64;
const COUNT = 300;

/** Vectors that vary much in 64 directions, little in 16 others, and not around 0. */
function vectors(count: number, seed: number, dimensions = DIMENSIONS): Float32Array {
  const random = new Random(seed, 'vectors');
  const mixing = new Random(1, 'mixing');
  const directions = Array.from({length: dimensions}, () => Array.from({length: dimensions}, () => mixing.normal()));
  return Float32Array.from(
    Array.from({length: count}, () => {
      const weights = directions.map((_, k) => random.normal() * (k < COMPONENTS ? 1 : 0.01));
      return directions.map((_, i) => 5 + directions.reduce((sum, direction, k) => sum + weights[k] * direction[i], 0));
    }).flat(),
  );
}

/** Eigenvalues, descending, and eigenvectors of a symmetric matrix by Jacobi's rotations: independent of subspace iteration. */
function eigenvectors(matrix: number[][]): {value: number; vector: number[]}[] {
  const size = matrix.length;
  const a = matrix.map((row) => [...row]);
  const v = a.map((_, i) => a.map((__, j) => Number(i === j)));
  for (let sweep = 0; sweep < 12; sweep++)
    for (let p = 0; p < size; p++)
      for (let q = p + 1; q < size; q++) {
        const angle = 0.5 * Math.atan2(2 * a[p][q], a[q][q] - a[p][p]);
        const [c, s] = [Math.cos(angle), Math.sin(angle)];
        for (let i = 0; i < size; i++) [a[i][p], a[i][q]] = [c * a[i][p] - s * a[i][q], s * a[i][p] + c * a[i][q]];
        for (let i = 0; i < size; i++) [a[p][i], a[q][i]] = [c * a[p][i] - s * a[q][i], s * a[p][i] + c * a[q][i]];
        for (let i = 0; i < size; i++) [v[i][p], v[i][q]] = [c * v[i][p] - s * v[i][q], s * v[i][p] + c * v[i][q]];
      }
  return a
    .map((row, k) => ({value: row[k], vector: v.map((line) => line[k])}))
    .sort((first, second) => second.value - first.value);
}

function rowsOf(data: Float32Array, width = DIMENSIONS): number[][] {
  return Array.from({length: data.length / width}, (_, i) => [...data.subarray(i * width, (i + 1) * width)]);
}

const dot = (a: readonly number[], b: readonly number[]) => a.reduce((sum, value, i) => sum + value * b[i], 0);

function columnsOf({basis, components}: Reduction): number[][] {
  return Array.from({length: components}, (_, k) => [...basis].filter((__, at) => at % components === k));
}

describe('training: features as few numbers', () => {
  const training = vectors(COUNT, 1);
  const rows = rowsOf(training);
  const mean = rows[0].map((_, i) => rows.reduce((sum, row) => sum + row[i] / COUNT, 0));
  const centered = rows.map((row) => row.map((value, i) => value - mean[i]));
  const covariance = mean.map((_, i) => mean.map((__, j) => centered.reduce((sum, row) => sum + row[i] * row[j], 0)));
  const exact = eigenvectors(covariance);
  const reduction = fitReduction(training, DIMENSIONS);

  it('are their principal components: the same subspace as the eigenvectors of the covariance', () => {
    expect(reduction.components).to.equal(COMPONENTS);
    expect(relativeError(reduction.mean, mean)).to.be.below(1e-5);
    const columns = columnsOf(reduction);
    columns.forEach((column, k) => {
      columns.forEach((other, j) => {
        expect(dot(column, other)).to.be.closeTo(k === j ? 1 : 0, 1e-5);
      });
    });
    // What of an eigenvector lies in the subspace: all of the first 64, nothing of the others.
    exact.forEach(({vector}, k) => {
      const within = columns.reduce((sum, column) => sum + dot(column, vector) ** 2, 0);
      expect(within, `eigenvector ${k}`).to.be.closeTo(k < COMPONENTS ? 1 : 0, 1e-4);
    });
  });

  it('say how far a vector lies from all that was seen, which the components leave out', () => {
    const others = vectors(4, 2);
    const outside = rowsOf(others).map((row) => row.map((value, i) => value + 3 * exact[DIMENSIONS - 1].vector[i]));
    const reduced = (data: Float32Array) => rowsOf(reduceVectors(data, reduction), COMPONENTS + 1);
    const usual = reduced(others).map((row) => row[COMPONENTS]);
    const strange = reduced(Float32Array.from(outside.flat())).map((row) => row[COMPONENTS]);
    rowsOf(others).forEach((row, i) => {
      const away = row.map((value, at) => value - mean[at]);
      const left = exact.slice(COMPONENTS).reduce((sum, {vector}) => sum + dot(vector, away) ** 2, 0);
      expect(usual[i]).to.be.closeTo(Math.sqrt(left), 0.02);
      expect(strange[i]).to.be.within(2.5, 3.5);
    });
  });

  it('are the same in a graph', async () => {
    const graph = new Graph();
    graph.output('reduced', addReduction(graph, graph.input('x', 'float32', ['N', DIMENSIONS]), reduction));
    const others = vectors(5, 3);
    const {reduced} = await runGraph(graph, {x: float32(others, [5, DIMENSIONS])});
    expect(reduced.dims).to.deep.equal([5, COMPONENTS + 1]);
    const expected = reduceVectors(others, reduction);
    expect(relativeError(floats(reduced), expected)).to.be.below(1e-5);
    const lengthsOf = (data: Float32Array) => rowsOf(data, COMPONENTS + 1).map((row) => row[COMPONENTS]);
    expect(relativeError(lengthsOf(floats(reduced)), lengthsOf(expected))).to.be.below(1e-4);
  });

  it('are fewer where there are few vectors, and finite where these are all the same', () => {
    const few = fitReduction(training.subarray(0, 10 * DIMENSIONS), DIMENSIONS);
    expect(few.components).to.equal(9);
    for (const row of rowsOf(reduceVectors(training.subarray(0, 10 * DIMENSIONS), few), 10))
      expect(row[9]).to.be.below(0.05);
    const same = new Float32Array(20 * DIMENSIONS).fill(2);
    const constant = fitReduction(same, DIMENSIONS);
    expect(reduceVectors(same, constant).every((value) => Math.abs(value) < 1e-6)).to.equal(true);
  });
});
