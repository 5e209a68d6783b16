import type {InferenceSession, Tensor} from 'onnxruntime-node';
import type {WindowSize} from '../../image/window/canvas.ts';
import {createSession} from '../../model/devices.ts';

/** Runs a graph over the windows of some images, or over their features: each output by its name, its rows one after the other. */
export type RunOver = (
  indices: readonly number[],
  inputOf: (index: number) => Uint8Array | Float32Array,
) => Promise<Record<string, Float32Array>>;

const BATCH = 64;

/**
 * Opens an encoded model for as long as `use` takes.
 *
 * @param input the size of its windows, or the length of its features
 */
export async function withSession<Result>(
  model: Uint8Array,
  input: WindowSize | number,
  use: (run: RunOver) => Promise<Result>,
): Promise<Result> {
  const session = await createSession(model, 'cpu');
  try {
    return await use((indices, inputOf) => runOver(session, indices, inputOf, input));
  } finally {
    await session.release();
  }
}

async function runOver(
  session: InferenceSession,
  indices: readonly number[],
  inputOf: (index: number) => Uint8Array | Float32Array,
  input: WindowSize | number,
): Promise<Record<string, Float32Array>> {
  const {Tensor} = await import('onnxruntime-node');
  const rows = new Map(session.outputNames.map((name) => [name, [] as Float32Array[]]));
  for (let start = 0; start < indices.length; start += BATCH) {
    const batch = indices.slice(start, start + BATCH);
    const results = await session.run(feedsOf(Tensor, batch.map(inputOf), input));
    for (const [name, parts] of rows) parts.push(results[name].data as Float32Array);
  }
  return Object.fromEntries([...rows].map(([name, parts]) => [name, concatenated(...parts)]));
}

function feedsOf(
  TensorClass: typeof Tensor,
  rows: (Uint8Array | Float32Array)[],
  input: WindowSize | number,
): Record<string, Tensor> {
  if (typeof input === 'number') {
    return {features: new TensorClass('float32', concatenated(...(rows as Float32Array[])), [rows.length, input])};
  }
  const shape = [rows.length, input.height, input.width, 3];
  return {image: new TensorClass('uint8', Buffer.concat(rows as Uint8Array[]), shape)};
}

/** The elements of several vectors, one after the other. */
export function concatenated(...parts: Float32Array[]): Float32Array {
  const all = new Float32Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
