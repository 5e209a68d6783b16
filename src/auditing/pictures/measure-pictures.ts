import {availableParallelism} from 'node:os';
import {join} from 'node:path';
import {workerFile} from '../../common/package-root.ts';
import {WorkerPool} from '../../common/worker-pool.ts';
import type {Dataset} from '../../dataset/dataset.ts';
import type {FileError} from '../../dataset/file-error.ts';
import type {MeasureReply, MeasureRequest} from './measure-worker.ts';
import {MEASUREMENT_BYTES} from './measurement.ts';

export interface MeasureOptions {
  threads?: number | undefined;
  maxPixels?: number | undefined;
  onProgress?: (done: number) => void;
  signal?: AbortSignal;
}

/** Files per message. */
const BATCH = 32;
const BATCHES_PER_THREAD = 3;

/** Measures the given files of a dataset in worker threads. @returns a packed measurement for each, and what failed */
export async function measurePictures(
  {root, files}: Dataset,
  indices: readonly number[],
  {threads = availableParallelism(), maxPixels, onProgress, signal}: MeasureOptions,
): Promise<{bytes: Buffer; errors: FileError[]}> {
  const bytes = Buffer.alloc(indices.length * MEASUREMENT_BYTES);
  const errors: FileError[] = [];
  const workers = Math.max(1, Math.min(threads, Math.ceil(indices.length / BATCH)));
  const pool = new WorkerPool<MeasureRequest, MeasureReply>(workerFile('auditing/pictures/measure-worker'), workers);
  const inFlight: Promise<MeasureReply>[] = [];
  let next = 0;
  try {
    for (let start = 0; start < indices.length; start += BATCH) {
      for (; next < indices.length && inFlight.length < workers * BATCHES_PER_THREAD; next += BATCH) {
        const batch = indices.slice(next, next + BATCH).map((index) => join(root, files[index].path));
        const reply = pool.run({files: batch, maxPixels});
        // It is awaited later; until then a failure must not count as an unhandled rejection.
        reply.catch(() => {});
        inFlight.push(reply);
      }
      const reply = await inFlight.shift()!;
      signal?.throwIfAborted();
      bytes.set(reply.bytes, start * MEASUREMENT_BYTES);
      for (const {position, code, message} of reply.errors)
        errors.push({path: files[indices[start + position]].path, code, message});
      onProgress?.(Math.min(start + BATCH, indices.length));
    }
  } finally {
    await pool.close();
  }
  return {bytes, errors};
}
