import {expect} from 'chai';
import {Graph} from '../../../src/onnx/graph.ts';
import {
  type ClassDistances,
  distanceToNearest,
  fitClassDistances,
  inUnitsOf,
} from '../../../src/training/scores/class-distances.ts';
import {float32, floats, randomValues, relativeError, runGraph} from '../../helpers/run-graph.ts';

const DIMENSIONS = 6;
const CLASSES = 3;
const PER_CLASS = 80;
/** Shrinkage of a class's covariance towards the pooled one, and the ridge. */
const SHARED = 0.1;
const RIDGE = 1e-3;

const NAMES = Array.from({length: CLASSES * PER_CLASS}, (_, i) => i % CLASSES);
const VECTORS = classVectors();
const QUERIES = Float32Array.from(randomValues(20 * DIMENSIONS, 9, -30, 60));

describe('training: distances from classes', () => {
  it('are Mahalanobis distances from the nearest class, divided by the square root of the dimensions', async () => {
    const distances = fitClassDistances(VECTORS, NAMES);
    expect(distances).to.include({dimensions: DIMENSIONS, classes: CLASSES});
    const expected = rowsOf(QUERIES, DIMENSIONS).map((query) => Math.min(...mahalanobis(VECTORS, NAMES, query)));
    expect(relativeError(await measured(distances, QUERIES), expected)).to.be.below(1e-4);
    // Every class is the nearest one to some vector.
    const nearest = rowsOf(VECTORS, DIMENSIONS).map((vector) => {
      const of = mahalanobis(VECTORS, NAMES, vector);
      return of.indexOf(Math.min(...of));
    });
    expect(new Set(nearest).size).to.equal(CLASSES);
  });

  it('have a mean square of 1, apart from the ridge, over the vectors of a single class', async () => {
    const only = VECTORS.filter((_, i) => NAMES[Math.floor(i / DIMENSIONS)] === 0);
    const own = await measured(fitClassDistances(only, Array(PER_CLASS).fill(0)), only);
    const mean = own.reduce((sum, value) => sum + value ** 2, 0) / own.length;
    expect(mean).to.be.within(0.98, 1);
  });

  it('are divided by a unit', async () => {
    const distances = fitClassDistances(VECTORS, NAMES);
    const plain = await measured(distances, QUERIES);
    const halved = await measured(inUnitsOf(distances, 2.5), QUERIES);
    expect(
      relativeError(
        halved,
        plain.map((value) => value / 2.5),
      ),
    ).to.be.below(1e-5);
  });

  it('leave out classes without vectors', async () => {
    const names = NAMES.map((name) => [0, 2, 5][name]);
    const distances = fitClassDistances(VECTORS, names);
    expect(distances).to.deep.equal(fitClassDistances(VECTORS, NAMES));
  });

  it('do not depend on the units of a dimension', async () => {
    const scales = [1e-3, 1, 1e3, 7, 0.2, 30];
    const inOtherUnits = (values: Float32Array) => values.map((value, i) => value * scales[i % DIMENSIONS]);
    const plain = await measured(fitClassDistances(VECTORS, NAMES), QUERIES);
    const other = await measured(fitClassDistances(inOtherUnits(VECTORS), NAMES), inOtherUnits(QUERIES));
    expect(relativeError(other, plain)).to.be.below(2e-3);
  });

  it('are finite with fewer vectors than dimensions, one vector in a class, or a constant dimension', async () => {
    const few = VECTORS.slice(0, 4 * DIMENSIONS);
    const constant = VECTORS.map((value, i) => (i % DIMENSIONS === 2 ? 0 : value));
    for (const [vectors, names] of [
      [few, [0, 0, 1, 1]],
      [few, [0, 1, 2, 3]],
      [constant, NAMES],
    ] as const) {
      const values = await measured(fitClassDistances(vectors, names), QUERIES);
      expect([...values].every((value) => Number.isFinite(value) && value > 0)).to.equal(true);
      const own = await measured(fitClassDistances(vectors, names), vectors);
      expect(Math.max(...own)).to.be.below(Math.max(...values));
    }
  });

  it('ignore a constant dimension', async () => {
    const constant = VECTORS.map((value, i) => (i % DIMENSIONS === 2 ? 5 : value));
    const queries = QUERIES.map((value, i) => (i % DIMENSIONS === 2 ? 5 : value));
    const distances = fitClassDistances(constant, NAMES);
    expect(await measured(distances, QUERIES)).to.deep.equal(await measured(distances, queries));
    const one = fitClassDistances(VECTORS.slice(0, DIMENSIONS), [0]);
    expect((await measured(one, QUERIES)).every((value) => value === 0)).to.equal(true);
  });
});

async function measured(distances: ClassDistances, vectors: Float32Array): Promise<Float32Array> {
  const graph = new Graph();
  const x = graph.input('x', 'float32', ['N', distances.dimensions]);
  graph.output('distance', distanceToNearest(graph, x, distances));
  const count = vectors.length / distances.dimensions;
  const {distance} = await runGraph(graph, {x: float32(vectors, [count, distances.dimensions])});
  expect([...distance.dims]).to.deep.equal([count]);
  return floats(distance);
}

/** Distance from each class by its covariance with shrinkage and ridge, solving the linear equations by elimination. */
function mahalanobis(vectors: Float32Array, names: readonly number[], query: number[]): number[] {
  const all = rowsOf(vectors, DIMENSIONS);
  const scales = deviationsOf(all);
  const scaled = all.map((row) => row.map((value, i) => value / scales[i]));
  const classes = Array.from({length: CLASSES}, (_, name) => scaled.filter((_, i) => names[i] === name));
  const means = classes.map(meanOf);
  const own = classes.map((rows, name) => covarianceOf(rows, means[name]));
  return means.map((mean, name) => {
    const matrix = own[name].map((row, i) =>
      row.map((value, j) => {
        const shared = own.reduce((sum, of) => sum + of[i][j], 0) / CLASSES;
        return (1 - SHARED) * value + SHARED * shared + (i === j ? RIDGE : 0);
      }),
    );
    const difference = query.map((value, i) => value / scales[i] - mean[i]);
    const solved = solve(matrix, difference);
    return Math.sqrt(difference.reduce((sum, value, i) => sum + value * solved[i], 0) / DIMENSIONS);
  });
}

/** Solves A x = b by Gaussian elimination with pivoting. */
function solve(matrix: number[][], vector: number[]): number[] {
  const n = vector.length;
  const rows = matrix.map((row, i) => [...row, vector[i]]);
  for (let column = 0; column < n; column++) {
    let pivot = column;
    for (let row = column; row < n; row++) if (Math.abs(rows[row][column]) > Math.abs(rows[pivot][column])) pivot = row;
    [rows[column], rows[pivot]] = [rows[pivot], rows[column]];
    for (let row = 0; row < n; row++) {
      if (row === column) continue;
      const factor = rows[row][column] / rows[column][column];
      for (let k = column; k <= n; k++) rows[row][k] -= factor * rows[column][k];
    }
  }
  return rows.map((row, i) => row[n] / row[i]);
}

/** Three clusters, each with its own position, orientation and width. */
function classVectors(): Float32Array {
  const noise = rowsOf(randomValues(NAMES.length * DIMENSIONS, 3), DIMENSIONS);
  const mixings = Array.from({length: CLASSES}, (_, name) =>
    rowsOf(randomValues(DIMENSIONS ** 2, 50 + name), DIMENSIONS),
  );
  return Float32Array.from(
    noise.flatMap((row, at) =>
      mixings[NAMES[at]].map((weights, i) => {
        const spread = weights.reduce((sum, weight, j) => sum + weight * row[j], row[i]);
        return 20 * ((NAMES[at] + i) % CLASSES) + 4 * (NAMES[at] + 1) * spread;
      }),
    ),
  );
}

function rowsOf(values: ArrayLike<number>, width: number): number[][] {
  return Array.from({length: values.length / width}, (_, row) =>
    Array.from({length: width}, (_, i) => values[row * width + i]),
  );
}

function meanOf(rows: number[][]): number[] {
  return rows[0].map((_, i) => rows.reduce((sum, row) => sum + row[i], 0) / rows.length);
}

function deviationsOf(rows: number[][]): number[] {
  const mean = meanOf(rows);
  return mean.map((middle, i) => Math.sqrt(rows.reduce((sum, row) => sum + (row[i] - middle) ** 2, 0) / rows.length));
}

function covarianceOf(rows: number[][], mean: number[]): number[][] {
  return mean.map((a, i) =>
    mean.map((b, j) => rows.reduce((sum, row) => sum + (row[i] - a) * (row[j] - b), 0) / rows.length),
  );
}
