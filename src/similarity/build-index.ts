import {hash} from 'node:crypto';
import {existsSync, mkdirSync, renameSync, rmSync, writeFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {withDigest} from '../common/digested.ts';
import {fromFileSystemError} from '../common/errors.ts';
import {makeTemporaryFolder, removeAbandonedFolders} from '../common/files/temporary-folder.ts';
import type {PreparedCache} from '../dataset/cache/prepared-cache.ts';
import {windowFromPatch} from '../image/window/window.ts';
import type {Classifier} from '../model/classifier.ts';
import {HEADER_FILE, INDEX_FORMAT, type IndexHeader, VECTORS_FILE} from './feature-index.ts';
import {quantize} from './quantize.ts';

export interface BuildIndexOptions {
  /** Which of the prepared pictures. */
  positions: readonly number[];
  /** What decides them and their order, beside the model. */
  key: string;
  /** The folder that their paths are relative to. */
  root: string;
  onProgress?: (done: number, total: number) => void;
  signal?: AbortSignal | undefined;
}

const BATCH = 64;

/**
 * Computes the features of prepared pictures, and writes them as an index that appears when it is complete.
 *
 * @param classifier loaded with `features`
 * @throws RiceError PATH_NOT_WRITABLE or DISK_FULL; CACHE_DAMAGED or RUN_DAMAGED for a picture; the signal's reason
 */
export async function buildIndex(
  folder: string,
  cache: PreparedCache,
  classifier: Classifier,
  options: BuildIndexOptions,
): Promise<void> {
  const {positions, onProgress, signal} = options;
  const planes = new Planes(positions.length);
  for (let start = 0; start < positions.length; start += BATCH) {
    signal?.throwIfAborted();
    const batch = positions.slice(start, start + BATCH);
    const windows = batch.map((position) => windowFromPatch(cache.readPatch(position), cache.size));
    const predictions = await classifier.classifyWindows(windows);
    predictions.forEach(({features}, i) => {
      planes.set(start + i, features!);
    });
    onProgress?.(Math.min(positions.length, start + BATCH), positions.length);
  }
  const vectors = planes.bytes();
  write(folder, headerOf(cache, classifier, options, planes.features, vectors), vectors);
}

function headerOf(
  cache: PreparedCache,
  {model}: Classifier,
  {positions, key, root}: BuildIndexOptions,
  features: number,
  vectors: Uint8Array,
): IndexHeader {
  return {
    format: INDEX_FORMAT,
    model: model.sha256,
    key,
    root,
    features,
    labels: [...cache.labels],
    paths: positions.map((position) => cache.path(position)),
    labelOf: positions.map((position) => cache.label(position)),
    positions: [...positions],
    vectorsSha256: hash('sha256', vectors),
  };
}

function write(folder: string, header: IndexHeader, vectors: Uint8Array): void {
  let temporary: string | undefined;
  try {
    mkdirSync(dirname(folder), {recursive: true});
    removeAbandonedFolders(folder);
    temporary = makeTemporaryFolder(folder);
    writeFileSync(join(temporary, VECTORS_FILE), vectors, {flush: true});
    writeFileSync(join(temporary, HEADER_FILE), JSON.stringify(withDigest(header)), {flush: true});
    if (existsSync(folder)) rmSync(folder, {recursive: true});
    renameSync(temporary, folder);
  } catch (error) {
    throw fromFileSystemError(error, folder, 'write');
  } finally {
    if (temporary !== undefined) rmSync(temporary, {recursive: true, force: true});
  }
}

/** The high bytes of all vectors, their scales, and their low bytes. */
class Planes {
  readonly #count: number;
  features = 0;
  #high = new Int8Array(0);
  #low = new Uint8Array(0);
  readonly #scales: Buffer;

  constructor(count: number) {
    this.#count = count;
    this.#scales = Buffer.alloc(count * 4);
  }

  set(i: number, vector: Float32Array): void {
    if (this.features === 0) {
      this.features = vector.length;
      this.#high = new Int8Array(this.#count * vector.length);
      this.#low = new Uint8Array(this.#count * vector.length);
    }
    const [from, to] = [i * this.features, (i + 1) * this.features];
    this.#scales.writeFloatLE(quantize(vector, this.#high.subarray(from, to), this.#low.subarray(from, to)), i * 4);
  }

  bytes(): Buffer {
    return Buffer.concat([new Uint8Array(this.#high.buffer), this.#scales, this.#low]);
  }
}
