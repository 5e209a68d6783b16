import type {InferenceSession} from 'onnxruntime-node';
import type {WindowSize} from '../../image/window/canvas.ts';
import {createSession} from '../../model/devices.ts';

/** Runs a graph over the windows of some images: each output by its name, its rows one after the other. */
export type RunOver = (
  indices: readonly number[],
  windowOf: (index: number) => Uint8Array,
) => Promise<Record<string, Float32Array>>;

const BATCH = 64;

/** Opens an encoded model for as long as `use` takes. */
export async function withSession<Result>(
  model: Uint8Array,
  size: WindowSize,
  use: (run: RunOver) => Promise<Result>,
): Promise<Result> {
  const session = await createSession(model, 'cpu');
  try {
    return await use((indices, windowOf) => runOver(session, indices, windowOf, size));
  } finally {
    await session.release();
  }
}

async function runOver(
  session: InferenceSession,
  indices: readonly number[],
  windowOf: (index: number) => Uint8Array,
  {width, height}: WindowSize,
): Promise<Record<string, Float32Array>> {
  const {Tensor} = await import('onnxruntime-node');
  const rows = new Map(session.outputNames.map((name) => [name, [] as Float32Array[]]));
  for (let start = 0; start < indices.length; start += BATCH) {
    const batch = indices.slice(start, start + BATCH);
    const image = new Tensor('uint8', Buffer.concat(batch.map(windowOf)), [batch.length, height, width, 3]);
    const results = await session.run({image});
    for (const [name, parts] of rows) parts.push(results[name].data as Float32Array);
  }
  return Object.fromEntries([...rows].map(([name, parts]) => [name, concatenated(...parts)]));
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
