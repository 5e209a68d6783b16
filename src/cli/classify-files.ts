import {readFileSync} from 'node:fs';
import {fromFileSystemError, RiceError} from '../errors.ts';

export interface Classified<T> {
  path: string;
  result: T | RiceError;
}

/**
 * Classifies files in batches and yields the answers in the order of the paths, each as soon as it is there. The next
 * batch is read while the current one is computed. A file that cannot be read or decoded is an error in its place.
 */
export async function* classifyFiles<T>(
  paths: string[],
  classify: (images: Uint8Array[]) => Promise<(T | RiceError)[]>,
  batchSize: number,
): AsyncGenerator<Classified<T>> {
  let pending: Promise<Classified<T>[]> | undefined;
  for (let start = 0; start < paths.length; start += batchSize) {
    const batch = paths.slice(start, start + batchSize).map((path) => ({path, bytes: readBytes(path)}));
    if (pending) yield* await pending;
    pending = classifyBatch(batch, classify);
    // The error surfaces when the batch is awaited, after the one before it was handed out.
    pending.catch(() => {});
  }
  if (pending) yield* await pending;
}

async function classifyBatch<T>(
  batch: {path: string; bytes: Uint8Array | RiceError}[],
  classify: (images: Uint8Array[]) => Promise<(T | RiceError)[]>,
): Promise<Classified<T>[]> {
  const readable = batch.map(({bytes}) => bytes).filter((bytes) => !(bytes instanceof RiceError)) as Uint8Array[];
  const results = readable.length > 0 ? await classify(readable) : [];
  let next = 0;
  return batch.map(({path, bytes}) => ({path, result: bytes instanceof RiceError ? bytes : results[next++]}));
}

/** Synchronously: for small files that takes a sixth of the time of a promise. */
function readBytes(path: string): Uint8Array | RiceError {
  try {
    return readFileSync(path);
  } catch (error) {
    return fromFileSystemError(error, path, 'read');
  }
}
