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
  read: (path: string) => Uint8Array | Promise<Uint8Array>,
): AsyncGenerator<Classified<T>> {
  let pending: Promise<Classified<T>[]> | undefined;
  for (let start = 0; start < paths.length; start += batchSize) {
    const batch: {path: string; bytes: Uint8Array | RiceError}[] = [];
    for (const path of paths.slice(start, start + batchSize)) batch.push({path, bytes: await readBytes(path, read)});
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

async function readBytes(
  path: string,
  read: (path: string) => Uint8Array | Promise<Uint8Array>,
): Promise<Uint8Array | RiceError> {
  try {
    return await read(path);
  } catch (error) {
    return fromFileSystemError(error, path, 'read');
  }
}
