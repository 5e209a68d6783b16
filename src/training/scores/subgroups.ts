import {Random} from '../random.ts';

/** Rounds of Lloyd's algorithm; it has settled before. */
const ROUNDS = 30;

/**
 * Divides the vectors of each class into groups by k-means (Lloyd 1982, seeded as in Arthur and Vassilvitskii 2007), so that one
 * normal distribution a group describes a class that was captured in several ways. Dimensions are divided by their deviation
 * within the class first.
 *
 * @param vectors [N, D]
 * @param labels the class of each vector
 * @param groups how many for each class; fewer for a class with few vectors
 * @param minimum the fewest vectors that a group should have on average
 * @returns the group of each vector: `label * groups + group`
 */
export function subgroups(
  vectors: Float32Array,
  labels: readonly number[],
  {groups, minimum, seed}: {groups: number; minimum: number; seed: number},
): number[] {
  const dimensions = vectors.length / labels.length;
  const result = labels.map((label) => label * groups);
  for (const label of new Set(labels)) {
    const rows = labels.flatMap((each, row) => (each === label ? [row] : []));
    const count = Math.max(1, Math.min(groups, Math.floor(rows.length / minimum)));
    if (count === 1) continue;
    const scaled = standardized(vectors, rows, dimensions);
    const nearest = kMeans(scaled, dimensions, count, new Random(seed, 'subgroups', label));
    rows.forEach((row, i) => {
      result[row] += nearest[i];
    });
  }
  return result;
}

/** The rows of a class, each dimension divided by its standard deviation. */
function standardized(vectors: Float32Array, rows: readonly number[], dimensions: number): Float64Array {
  const sums = new Float64Array(dimensions);
  const squares = new Float64Array(dimensions);
  for (const row of rows)
    for (let i = 0; i < dimensions; i++) {
      const value = vectors[row * dimensions + i];
      sums[i] += value;
      squares[i] += value * value;
    }
  const deviations = sums.map((sum, i) => {
    const mean = sum / rows.length;
    return Math.sqrt(Math.max(0, squares[i] / rows.length - mean * mean)) || 1;
  });
  const scaled = new Float64Array(rows.length * dimensions);
  rows.forEach((row, at) => {
    for (let i = 0; i < dimensions; i++) scaled[at * dimensions + i] = vectors[row * dimensions + i] / deviations[i];
  });
  return scaled;
}

/** The index of the nearest of `count` centers for each vector. */
function kMeans(vectors: Float64Array, dimensions: number, count: number, random: Random): number[] {
  const rows = vectors.length / dimensions;
  const centers = firstCenters(vectors, dimensions, count, random);
  const nearest = new Array<number>(rows).fill(0);
  for (let round = 0; round < ROUNDS; round++) {
    for (let row = 0; row < rows; row++) nearest[row] = nearestOf(vectors, row, dimensions, centers).index;
    const sums = new Float64Array(count * dimensions);
    const sizes = new Float64Array(count);
    for (let row = 0; row < rows; row++) {
      sizes[nearest[row]]++;
      for (let i = 0; i < dimensions; i++)
        sums[nearest[row] * dimensions + i] += vectors[row * dimensions + i];
    }
    for (let center = 0; center < count; center++) {
      // A center that no vector is nearest to stays where it is.
      if (sizes[center] === 0) continue;
      for (let i = 0; i < dimensions; i++)
        centers[center][i] = sums[center * dimensions + i] / sizes[center];
    }
  }
  return nearest;
}

/** The first center is a random vector, each further one is drawn by its squared distance from the nearest center. */
function firstCenters(vectors: Float64Array, dimensions: number, count: number, random: Random): Float64Array[] {
  const rows = vectors.length / dimensions;
  const at = (row: number) => vectors.slice(row * dimensions, (row + 1) * dimensions);
  const centers = [at(random.below(rows))];
  while (centers.length < count) {
    const distances = Array.from({length: rows}, (_, row) => nearestOf(vectors, row, dimensions, centers).distance);
    let left = random.uniform() * distances.reduce((sum, distance) => sum + distance, 0);
    const drawn = distances.findIndex((distance) => {
      left -= distance;
      return left < 0;
    });
    centers.push(at(Math.max(0, drawn)));
  }
  return centers;
}

function nearestOf(vectors: Float64Array, row: number, dimensions: number, centers: readonly Float64Array[]) {
  let index = 0;
  let least = Number.POSITIVE_INFINITY;
  centers.forEach((center, i) => {
    let distance = 0;
    for (let k = 0; k < dimensions; k++) distance += (vectors[row * dimensions + k] - center[k]) ** 2;
    if (distance < least) [index, least] = [i, distance];
  });
  return {index, distance: least};
}
