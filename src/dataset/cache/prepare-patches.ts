import {availableParallelism} from 'node:os';
import {join} from 'node:path';
import type {FileWriter} from '../../common/files/file-writer.ts';
import {workerFile} from '../../common/package-root.ts';
import {WorkerPool} from '../../common/worker-pool.ts';
import type {WindowSize} from '../../image/prepare.ts';
import type {Dataset} from '../dataset.ts';
import type {FileError} from '../file-error.ts';
import type {CacheRecord} from './cache-index.ts';
import type {PrepareReply, PrepareRequest} from './prepare-worker.ts';

export interface PrepareProgress {
  done: number;
  total: number;
  imagesPerSecond: number;
}

export interface PrepareOptions {
  dataset: Dataset;
  size: WindowSize;
  threads?: number;
  onProgress?: (progress: PrepareProgress) => void;
  signal?: AbortSignal;
}

export interface PreparedPatches {
  /** In the order of the dataset's files; `file` is the index into them. */
  records: (Omit<CacheRecord, 'label' | 'sha256'> & {file: number})[];
  errors: FileError[];
}

/** Files a message: large enough that messages cost nothing, small enough to spread evenly. */
const BATCH = 64;

/** Batches under way for each thread: one in work, one waiting, one done and waiting for an earlier one. */
const BATCHES_PER_THREAD = 3;

/** Prepares all files of a dataset on worker threads and appends their patches to `writer` in the files' order. */
export async function preparePatches(options: PrepareOptions, writer: FileWriter): Promise<PreparedPatches> {
  const {dataset, size, onProgress, signal} = options;
  const total = dataset.files.length;
  const threads = Math.min(options.threads ?? availableParallelism(), Math.ceil(total / BATCH));
  const prepared: PreparedPatches = {records: [], errors: []};
  const started = performance.now();
  const pool = new WorkerPool<PrepareRequest, PrepareReply>(workerFile('dataset/cache/prepare-worker'), threads, size);
  const underWay: Promise<PrepareReply>[] = [];
  let next = 0;
  try {
    for (let start = 0; start < total; start += BATCH) {
      for (; next < total && underWay.length < threads * BATCHES_PER_THREAD; next += BATCH) {
        underWay.push(runBatch(pool, dataset, next));
      }
      const reply = await underWay.shift()!;
      signal?.throwIfAborted();
      append(prepared, reply, dataset, start, writer.position);
      writer.append(reply.bytes);
      const done = Math.min(start + BATCH, total);
      onProgress?.({done, total, imagesPerSecond: (done * 1000) / (performance.now() - started)});
    }
  } finally {
    await pool.close();
  }
  return prepared;
}

function runBatch(
  pool: WorkerPool<PrepareRequest, PrepareReply>,
  {root, files}: Dataset,
  start: number,
): Promise<PrepareReply> {
  const reply = pool.run({files: files.slice(start, start + BATCH).map(({path}) => join(root, path))});
  // Whoever awaits it learns of a failure; until then it must not count as unhandled.
  reply.catch(() => {});
  return reply;
}

function append(prepared: PreparedPatches, reply: PrepareReply, {files}: Dataset, start: number, offset: number): void {
  const failed = new Map(reply.errors.map((error) => [error.position, error]));
  let at = offset;
  for (let position = 0; position < reply.bounds.length / 4; position++) {
    const file = start + position;
    const error = failed.get(position);
    if (error) {
      prepared.errors.push({path: files[file].path, code: error.code, message: error.message});
      continue;
    }
    const [x, y, width, height] = reply.bounds.subarray(position * 4, position * 4 + 4);
    prepared.records.push({file, offset: at, x, y, width, height});
    at += width * height * 3;
  }
}
