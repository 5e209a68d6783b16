import {Random} from '../../random.ts';
import {cholesky} from '../../scores/cholesky.ts';

/** The vectors of one population, in this order: what a network computes of a grain. */
export const POPULATION_PARTS = ['features', 'capture', 'logits', 'embedding', 'outline'] as const;
export type PopulationPart = (typeof POPULATION_PARTS)[number];
/** The parts whose covariance is known: those that are needed to draw grains. */
const DRAWN_PARTS = 3;

/** Rows of each part, side by side in memory: [N, D]; a part that the network does not compute is missing. */
export type PopulationRows = Partial<Record<PopulationPart, Float32Array>> & {features: Float32Array};

/**
 * How the grains that a model was trained on look to its network: the mean of each label, and the covariance within labels,
 * which is taken as the same for all (the assumption of linear discriminant analysis, Fisher 1936). From it grains can be
 * drawn, so that a model learns something new without forgetting what its training pictures said (pseudo-rehearsal,
 * Robins 1995).
 */
export interface Population {
  /** Numbers in each part; 0 for one that the network does not compute. */
  sizes: Record<PopulationPart, number>;
  /** For each label, the parts one after the other. */
  means: Float32Array[];
  /** [D, D] of the first three parts, row-major. */
  covariance: Float64Array;
}

/** Fits a population to rows of its parts. */
export function fitPopulation(rows: PopulationRows, labels: readonly number[], classes: number): Population {
  const sizes = Object.fromEntries(
    POPULATION_PARTS.map((part) => [part, (rows[part]?.length ?? 0) / labels.length]),
  ) as Population['sizes'];
  const total = sum(POPULATION_PARTS.map((part) => sizes[part]));
  const drawn = drawnSize(sizes);
  const vectors = labels.map((_, row) => joined(rows, sizes, row, total));
  const means = Array.from({length: classes}, () => new Float64Array(total));
  const counts = new Float64Array(classes);
  vectors.forEach((vector, row) => {
    counts[labels[row]]++;
    for (let i = 0; i < total; i++) means[labels[row]][i] += vector[i];
  });
  means.forEach((mean, label) => {
    for (let i = 0; i < total; i++) mean[i] /= Math.max(1, counts[label]);
  });
  const covariance = new Float64Array(drawn * drawn);
  const centered = new Float64Array(drawn);
  vectors.forEach((vector, row) => {
    for (let i = 0; i < drawn; i++) centered[i] = vector[i] - means[labels[row]][i];
    for (let i = 0; i < drawn; i++) for (let j = 0; j <= i; j++) covariance[i * drawn + j] += centered[i] * centered[j];
  });
  for (let i = 0; i < drawn; i++) {
    for (let j = 0; j <= i; j++) {
      covariance[i * drawn + j] /= labels.length;
      covariance[j * drawn + i] = covariance[i * drawn + j];
    }
  }
  return {sizes, means: means.map((mean) => Float32Array.from(mean)), covariance};
}

/** The mean of one part for one label. */
export function meanOf({sizes, means}: Population, label: number, part: PopulationPart): Float32Array {
  const begin = sum(POPULATION_PARTS.slice(0, POPULATION_PARTS.indexOf(part)).map((each) => sizes[each]));
  return means[label].subarray(begin, begin + sizes[part]);
}

/**
 * Draws grains of each label: rows of features, capture and logits one after the other, [count, D], label by label.
 *
 * @param count of each label
 */
export function drawGrains(
  population: Population,
  count: number,
  seed: number,
): {rows: Float64Array; labels: number[]} {
  const size = drawnSize(population.sizes);
  const factor = cholesky(withRidge(population.covariance, size), size);
  const random = new Random(seed, 'population');
  const labels = population.means.flatMap((_, label) => Array.from({length: count}, () => label));
  const rows = new Float64Array(labels.length * size);
  const normal = new Float64Array(size);
  labels.forEach((label, row) => {
    for (let i = 0; i < size; i++) normal[i] = random.normal();
    for (let i = 0; i < size; i++) {
      let value = population.means[label][i];
      for (let j = 0; j <= i; j++) value += factor[i * size + j] * normal[j];
      rows[row * size + i] = value;
    }
  });
  return {rows, labels};
}

/** Standard deviation within labels of each drawn number. */
export function spreadOf({sizes, covariance}: Population): Float64Array {
  const size = drawnSize(sizes);
  return Float64Array.from({length: size}, (_, i) => Math.sqrt(covariance[i * size + i]));
}

export interface EncodedPopulation {
  sizes: Population['sizes'];
  /** Base64 of float32, little-endian: the means of all labels; the lower triangle of the covariance, row by row. */
  means: string;
  covariance: string;
}

export function encodePopulation({sizes, means, covariance}: Population): EncodedPopulation {
  const size = drawnSize(sizes);
  const lower: number[] = [];
  for (let i = 0; i < size; i++) for (let j = 0; j <= i; j++) lower.push(covariance[i * size + j]);
  return {sizes, means: base64(Float32Array.from(means.flatMap((mean) => [...mean]))), covariance: base64(lower)};
}

/** @throws RangeError if the numbers do not fit their sizes */
export function decodePopulation({sizes, means, covariance}: EncodedPopulation, classes: number): Population {
  const total = sum(POPULATION_PARTS.map((part) => sizes[part]));
  const size = drawnSize(sizes);
  const all = floats(means);
  const lower = floats(covariance);
  if (all.length !== classes * total || lower.length !== (size * (size + 1)) / 2)
    throw new RangeError('the population does not fit its sizes');
  const whole = new Float64Array(size * size);
  let at = 0;
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      whole[i * size + j] = lower[at++];
      whole[j * size + i] = whole[i * size + j];
    }
  }
  return {
    sizes,
    means: Array.from({length: classes}, (_, label) => all.slice(label * total, (label + 1) * total)),
    covariance: whole,
  };
}

function drawnSize(sizes: Population['sizes']): number {
  return sum(POPULATION_PARTS.slice(0, DRAWN_PARTS).map((part) => sizes[part]));
}

function joined(rows: PopulationRows, sizes: Population['sizes'], row: number, total: number): Float32Array {
  const vector = new Float32Array(total);
  let at = 0;
  for (const part of POPULATION_PARTS) {
    const size = sizes[part];
    if (size > 0) vector.set(rows[part]!.subarray(row * size, (row + 1) * size), at);
    at += size;
  }
  return vector;
}

/** A unit that never fires has no variance. */
const RIDGE = 1e-6;

function withRidge(matrix: Float64Array, size: number): Float64Array {
  let trace = 0;
  for (let i = 0; i < size; i++) trace += matrix[i * size + i];
  const ridged = matrix.slice();
  for (let i = 0; i < size; i++) ridged[i * size + i] += RIDGE * (trace / size) + 1e-12;
  return ridged;
}

function base64(values: ArrayLike<number>): string {
  const {buffer} = Float32Array.from(values);
  return Buffer.from(buffer).toString('base64');
}

function floats(text: string): Float32Array {
  const bytes = Buffer.from(text, 'base64');
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
