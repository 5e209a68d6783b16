import {availableParallelism} from 'node:os';
import {join} from 'node:path';
import {crc32} from 'node:zlib';
import type {FileWriter} from '../../common/files/file-writer.ts';
import {workerFile} from '../../common/package-root.ts';
import {perSecond} from '../../common/rate.ts';
import {WorkerPool} from '../../common/worker-pool.ts';
import {FLAWS, type Flaw} from '../../image/flaws/flaw.ts';
import type {FrameOptions, WindowSize} from '../../image/prepare.ts';
import type {Dataset} from '../dataset.ts';
import type {FileError} from '../file-error.ts';
import type {CacheRecord} from './cache-index.ts';
import type {PrepareReply, PrepareRequest, PrepareSettings} from './prepare-worker.ts';

export interface PrepareProgress {
  done: number;
  total: number;
  imagesPerSecond: number;
}

export interface PrepareOptions extends FrameOptions {
  dataset: Dataset;
  size: WindowSize;
  threads?: number;
  onProgress?: (progress: PrepareProgress) => void;
  signal?: AbortSignal;
}

export interface PreparedRecord extends Omit<CacheRecord, 'label' | 'sha256'> {
  /** Index of the file in the dataset. */
  file: number;
  /** How many grains were found in it. */
  grains: number;
  /** Whether it is cut closely around its grain. */
  closelyCut: boolean;
  /** With which others like it are not answered. */
  flaws: Flaw[];
}

export interface PreparedPatches {
  /** In the order of the dataset. */
  records: PreparedRecord[];
  errors: FileError[];
}

/** Files per message: enough to make the cost of messages negligible, few enough to balance the threads. */
const BATCH = 64;

/** Batches in flight per thread: one being processed, one queued, and one that waits for an earlier result. */
const BATCHES_PER_THREAD = 3;

/** Prepares all files of a dataset in worker threads and appends their patches to `writer` in the order of the files. */
export async function preparePatches(options: PrepareOptions, writer: FileWriter): Promise<PreparedPatches> {
  const {dataset, size, wholeFrame = false, onProgress, signal} = options;
  const total = dataset.files.length;
  const threads = Math.min(options.threads ?? availableParallelism(), Math.ceil(total / BATCH));
  const prepared: PreparedPatches = {records: [], errors: []};
  const started = performance.now();
  const pool = new WorkerPool<PrepareRequest, PrepareReply>(workerFile('dataset/cache/prepare-worker'), threads, {
    size,
    wholeFrame,
  } satisfies PrepareSettings);
  const inFlight: Promise<PrepareReply>[] = [];
  let next = 0;
  try {
    for (let start = 0; start < total; start += BATCH) {
      for (; next < total && inFlight.length < threads * BATCHES_PER_THREAD; next += BATCH) {
        inFlight.push(runBatch(pool, dataset, next));
      }
      const reply = await inFlight.shift()!;
      signal?.throwIfAborted();
      append(prepared, reply, dataset, start, writer.position);
      writer.append(reply.bytes);
      const done = Math.min(start + BATCH, total);
      onProgress?.({done, total, imagesPerSecond: perSecond(done, performance.now() - started)});
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
  // The caller awaits it later; until then a failure must not count as an unhandled rejection.
  reply.catch(() => {});
  return reply;
}

function append(prepared: PreparedPatches, reply: PrepareReply, {files}: Dataset, start: number, offset: number): void {
  const failed = new Map(reply.errors.map((error) => [error.position, error]));
  let at = 0;
  for (let position = 0; position < reply.bounds.length / 4; position++) {
    const file = start + position;
    const error = failed.get(position);
    if (error) {
      prepared.errors.push({path: files[file].path, code: error.code, message: error.message});
      continue;
    }
    const [x, y, width, height] = reply.bounds.subarray(position * 4, position * 4 + 4);
    const patch = reply.bytes.subarray(at, at + width * height * 3);
    const grains = reply.grains[position];
    const closelyCut = reply.closelyCut[position] === 1;
    const flaws = FLAWS.filter((_, bit) => reply.flaws[position] & (1 << bit));
    const found = {grains, closelyCut, flaws};
    prepared.records.push({file, offset: offset + at, x, y, width, height, crc32: crc32(patch), ...found});
    at += patch.length;
  }
}
