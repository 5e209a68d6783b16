import {join} from 'node:path';
import {fromFileSystemError} from '../common/errors.ts';
import type {Dataset, DatasetFile} from './dataset.ts';
import {directoryDigest, type FileHash, hashBytes} from './digest.ts';
import type {FileError} from './file-error.ts';
import {readManifest, writeManifest} from './manifest.ts';
import {readWholeFile} from './read-file.ts';

export interface HashProgress {
  done: number;
  total: number;
}

export interface HashOptions {
  /** The folder of the hash cache (see `cacheFolder`); without it, every file is read. */
  cacheDir?: string;
  onProgress?: (progress: HashProgress) => void;
  signal?: AbortSignal;
}

export interface HashedDataset {
  /** The dataset without unreadable files. */
  dataset: Dataset;
  /** One for each file of `dataset`, in its order. */
  hashes: FileHash[];
  /** DVC's digest of the images, for example `87e1....dir`. */
  digest: string;
  /** The unreadable files. */
  errors: FileError[];
  /** The number of files that were read; the hashes of the others were cached. */
  read: number;
}

/** Files to read at once: enough to keep libuv's threads busy, few enough to save memory. */
const BATCH = 64;

/**
 * Hashes every file of a dataset. The hashes of files whose size and times have not changed since the last run come from
 * the manifest in `cacheDir`. A file that cannot be read is left out and reported.
 */
export async function hashDataset(dataset: Dataset, options: HashOptions = {}): Promise<HashedDataset> {
  const {cacheDir, onProgress, signal} = options;
  const started = Date.now();
  const cached = cacheDir === undefined ? new Map<string, FileHash>() : readManifest(cacheDir, dataset);
  const results: (FileHash | FileError)[] = [];
  let read = 0;
  for (let start = 0; start < dataset.files.length; start += BATCH) {
    signal?.throwIfAborted();
    const batch = dataset.files.slice(start, start + BATCH);
    const known = batch.map((file) => cached.get(file.path));
    read += known.filter((hash) => hash === undefined).length;
    results.push(...(await Promise.all(batch.map((file, i) => known[i] ?? hashFile(dataset, file)))));
    onProgress?.({done: results.length, total: dataset.files.length});
  }
  const errors = results.filter((result) => 'code' in result);
  const hashes = results.filter((result) => 'sha256' in result);
  const readable =
    errors.length === 0 ? dataset : {...dataset, files: dataset.files.filter((_, i) => 'sha256' in results[i])};
  if (cacheDir !== undefined && read > 0) writeManifest(cacheDir, readable, hashes, started);
  const digest = directoryDigest(readable.files.map(({path}, i) => ({path, md5: hashes[i].md5})));
  return {dataset: readable, hashes, digest, errors, read};
}

async function hashFile({root}: Dataset, {path}: DatasetFile): Promise<FileHash | FileError> {
  try {
    return hashBytes(await readWholeFile(join(root, path)));
  } catch (error) {
    const {code, message} = fromFileSystemError(error, path, 'read');
    return {path, code, message};
  }
}
