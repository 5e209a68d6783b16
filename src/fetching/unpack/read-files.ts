import {mkdirSync} from 'node:fs';
import {availableParallelism} from 'node:os';
import {dirname, join} from 'node:path';
import {fromFileSystemError, RiceError} from '../../common/errors.ts';
import {workerFile} from '../../common/package-root.ts';
import {WorkerPool} from '../../common/worker-pool.ts';
import type {FileHash} from '../../dataset/digest.ts';
import type {FileError} from '../../dataset/file-error.ts';
import type {Container} from './container.ts';
import type {LocatedFile} from './locate-labels.ts';
import {largeBuffers, packBatch, type ReadBatch, type ReadItem} from './read-batch.ts';
import {hashReader, type ReadReply} from './read-reply.ts';
import type {ReadSettings} from './read-worker.ts';

export interface ReadOptions {
  /** An existing folder to write files to; without it, nothing is written. */
  target?: string | undefined;
  /** Which files to write, as indices of `files`; all by default. */
  write?: ReadonlySet<number> | undefined;
  /** Whether to decode every picture completely. */
  deep?: boolean | undefined;
  threads?: number | undefined;
  onProgress?: ((progress: {done: number; total: number}) => void) | undefined;
  signal?: AbortSignal | undefined;
}

/** A file that was read completely. */
export interface ReadFile extends FileHash {
  path: string;
  label: string;
  bytes: number;
  /** mtime and ctime, ms since 1970; NaN if it was not written. */
  modified: number;
  changed: number;
}

export interface ReadFiles {
  /** In the given order, without unreadable files. */
  files: ReadFile[];
  /** The files that could not be read or decoded. */
  errors: FileError[];
}

/** Files per message, and bytes per message if it contains them. */
const BATCH_FILES = 128;
const BATCH_BYTES = 4 << 20;

/** Batches in flight per thread. */
const BATCHES_PER_THREAD = 3;

/** Bytes of file contents in messages in flight, over all threads; one file may be larger. */
const MAX_BYTES_IN_FLIGHT = 64 << 20;

/**
 * Reads files of a container in worker threads: hashes all of them, writes the requested ones, and decodes them if requested.
 *
 * @throws RiceError errors that make the container unusable (ARCHIVE_DAMAGED ...) or stop writing (DISK_FULL ...); the
 *   reason of the signal
 */
export async function readFiles(
  container: Container,
  files: readonly LocatedFile[],
  options: ReadOptions = {},
): Promise<ReadFiles> {
  const {target, write, deep = false, onProgress, signal} = options;
  if (target !== undefined) makeFolders(target, write ? [...write].map((index) => files[index]) : files);
  const usefulThreads = Math.min(availableParallelism(), Math.ceil(files.length / BATCH_FILES));
  const threads = Math.max(1, options.threads ?? usefulThreads);
  const settings: ReadSettings = {name: container.name, target, deep};
  const pool = new WorkerPool<ReadBatch, ReadReply>(workerFile('fetching/unpack/read-worker'), threads, settings);
  const read: (ReadFile | undefined)[] = new Array(files.length);
  const errors: FileError[] = [];
  const inFlight = new Set<Promise<void>>();
  let done = 0;
  let failure: unknown;
  let bytesInFlight = 0;
  const run = ({indices, items, bytes}: Batch) => {
    bytesInFlight += bytes;
    const packed = packBatch(items);
    const work = pool
      .run(packed, largeBuffers(packed))
      .then((reply) => {
        if (reply.failure) throw toError(reply.failure);
        errors.push(...reply.errors);
        const hashes = hashReader(reply);
        indices.forEach((index, row) => {
          const {path, label} = files[index];
          const {bytes, modified, changed} = reply;
          if (Number.isNaN(bytes[row])) return;
          read[index] = {
            path,
            label,
            bytes: bytes[row],
            ...hashes(row),
            modified: modified[row],
            changed: changed[row],
          };
        });
        done += indices.length;
        onProgress?.({done, total: files.length});
      })
      .catch((error: unknown) => {
        failure ??= error;
      })
      .finally(() => {
        bytesInFlight -= bytes;
        inFlight.delete(work);
      });
    inFlight.add(work);
  };
  try {
    const isFull = () =>
      inFlight.size >= threads * BATCHES_PER_THREAD || (inFlight.size > 0 && bytesInFlight >= MAX_BYTES_IN_FLIGHT);
    for await (const batch of batches(container, files, write, signal)) {
      run(batch);
      while (failure === undefined && isFull()) await Promise.race(inFlight);
      signal?.throwIfAborted();
      if (failure !== undefined) break;
    }
    await Promise.all(inFlight);
    signal?.throwIfAborted();
    if (failure !== undefined) throw failure;
  } finally {
    await pool.close();
  }
  return {files: read.filter((file) => file !== undefined), errors: inOrder(errors, files)};
}

interface Batch {
  indices: number[];
  items: ReadItem[];
  /** Bytes of file contents in the message. */
  bytes: number;
}

async function* batches(
  container: Container,
  files: readonly LocatedFile[],
  write: ReadonlySet<number> | undefined,
  signal: AbortSignal | undefined,
): AsyncIterable<Batch> {
  const byEntry = new Map(files.map(({entry}, index) => [entry, index]));
  let batch: Batch = {indices: [], items: [], bytes: 0};
  for await (const {entry, content} of container.contents(new Set(byEntry.keys()), signal)) {
    const index = byEntry.get(entry)!;
    const {path, bytes} = files[index];
    batch.indices.push(index);
    batch.items.push({path, bytes, content, write: write?.has(index) ?? true});
    if (content.kind === 'bytes') batch.bytes += bytes;
    if (batch.items.length < BATCH_FILES && batch.bytes < BATCH_BYTES) continue;
    yield batch;
    batch = {indices: [], items: [], bytes: 0};
  }
  if (batch.items.length > 0) yield batch;
}

function makeFolders(target: string, files: readonly LocatedFile[]): void {
  for (const name of new Set(files.map(({path}) => dirname(path)))) {
    const folder = join(target, name);
    try {
      mkdirSync(folder, {recursive: true});
    } catch (error) {
      throw fromFileSystemError(error, folder, 'write');
    }
  }
}

function toError({code, message, suggestions}: NonNullable<ReadReply['failure']>): RiceError {
  return new RiceError(code, message, {suggestions});
}

/** Sorts the errors by file, because threads finish in any order. */
function inOrder(errors: FileError[], files: readonly LocatedFile[]): FileError[] {
  const position = new Map(files.map(({path}, index) => [path, index]));
  return errors.sort((a, b) => position.get(a.path)! - position.get(b.path)!);
}
