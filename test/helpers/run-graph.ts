/** Runs graphs with onnxruntime: the independent reader of what the builder writes. */
import {InferenceSession, Tensor} from 'onnxruntime-node';
import type {Graph} from '../../src/onnx/graph.ts';
import {encodeModel} from '../../src/onnx/model.ts';
import {randomNumbers} from './images.ts';

export type Feeds = Record<string, Tensor>;
export type Results = Record<string, Tensor>;

/** Loads a graph on the CPU, warnings off. */
export function loadGraph(graph: Graph, threads = 1): Promise<InferenceSession> {
  return InferenceSession.create(encodeModel(graph.toProto('test')), {logSeverityLevel: 4, intraOpNumThreads: threads});
}

/** Runs a graph once. */
export async function runGraph(graph: Graph, feeds: Feeds = {}): Promise<Results> {
  const session = await loadGraph(graph);
  try {
    return (await session.run(feeds)) as Results;
  } finally {
    await session.release();
  }
}

export function float32(values: ArrayLike<number>, shape: readonly number[] = [values.length]): Tensor {
  return new Tensor('float32', Float32Array.from(values), shape);
}

export function floats(tensor: Tensor): Float32Array {
  return tensor.data as Float32Array;
}

/** Numbers even in [low, high), each of which float32 can hold. */
export function randomValues(count: number, seed: number, low = -1, high = 1): Float64Array {
  const next = randomNumbers(seed);
  return Float64Array.from({length: count}, () => Math.fround(low + (high - low) * next()));
}

export function elementsOf(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** The largest difference, as a share of the largest expected number. */
export function relativeError(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (actual.length !== expected.length) return Number.POSITIVE_INFINITY;
  let largest = 0;
  let worst = 0;
  for (let i = 0; i < expected.length; i++) {
    largest = Math.max(largest, Math.abs(expected[i]));
    const difference = Math.abs(actual[i] - expected[i]);
    if (Number.isNaN(difference)) return Number.NaN;
    worst = Math.max(worst, difference);
  }
  return largest === 0 ? worst : worst / largest;
}
