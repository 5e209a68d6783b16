import {closeSync, openSync, readSync} from 'node:fs';
import {join} from 'node:path';
import {setImmediate} from 'node:timers/promises';
import {crc32} from 'node:zlib';
import {RiceError} from '../../common/errors.ts';
import type {Flaw} from '../../image/flaws/flaw.ts';
import type {WindowSize} from '../../image/prepare.ts';
import type {GrainPatch} from '../../image/window/patch.ts';
import type {FileError} from '../file-error.ts';
import {
  type CacheHeader,
  type CacheIndex,
  type DamageError,
  PATCHES_FILE,
  readIndex,
  type WithoutSingleGrain,
} from './cache-index.ts';

/** Images that are checked without a pause. */
const CHECKED_AT_ONCE = 256;

/**
 * The prepared images of a dataset on disk, in the order of the dataset, without those that could not be prepared. Images
 * are read one at a time by index, so the cache may be larger than memory; the system caches what fits.
 */
export class PreparedCache {
  readonly folder: string;
  /** DVC's digest of the dataset that the cache was made from. */
  readonly digest: string;
  readonly size: WindowSize;
  readonly labels: readonly string[];
  readonly count: number;
  /** The images that are missing, with the reasons. */
  readonly errors: readonly FileError[];
  /** For each label; undefined for caches of earlier versions. */
  readonly withoutSingleGrain: readonly WithoutSingleGrain[] | undefined;
  /** The share of pictures that are cut closely around their grain; undefined for caches of earlier versions. */
  readonly closelyCut: number | undefined;
  /** The share of pictures that have each flaw; those that none has are missing. */
  readonly flaws: Partial<Record<Flaw, number>>;
  readonly #paths: readonly string[];
  readonly #index: CacheIndex;
  readonly #damaged: DamageError;
  #file: number | undefined;

  constructor(folder: string, header: CacheHeader, index: CacheIndex, file: number, damaged: DamageError) {
    this.folder = folder;
    this.#damaged = damaged;
    this.digest = header.digest;
    this.size = {width: header.width, height: header.height};
    this.labels = header.labels;
    this.count = index.length;
    this.errors = header.errors;
    this.withoutSingleGrain = header.withoutSingleGrain;
    this.closelyCut = header.closelyCut === undefined ? undefined : header.closelyCut / Math.max(1, this.count);
    const shares = Object.entries(header.flaws ?? {}).map(([flaw, count]) => [flaw, count / Math.max(1, this.count)]);
    this.flaws = Object.fromEntries(shares);
    this.#paths = header.paths;
    this.#index = index;
    this.#file = file;
  }

  /** Index into `labels`. */
  label(i: number): number {
    return this.#index.label(i);
  }

  /** Path of the image file, relative to the root of the dataset. */
  path(i: number): string {
    return this.#paths[i];
  }

  /** Digest of the image file, in hexadecimal. */
  sha256(i: number): string {
    return this.#index.sha256(i);
  }

  /** Position and size of the patch on the canvas, in px. The canvas is twice as wide and high as the window. */
  bounds(i: number): {x: number; y: number; width: number; height: number} {
    return this.#index.bounds(i);
  }

  readPatch(i: number): GrainPatch {
    const {width, height} = this.#index.bounds(i);
    const data = new Uint8Array(width * height * 3);
    return {...this.readPatchInto(i, data), data};
  }

  /**
   * Reads the RGB bytes (row by row, width * height * 3 bytes) to the start of `buffer`, without allocating memory. A buffer
   * for the whole canvas, 4 * 3 * window width * window height bytes, is large enough for every patch.
   *
   * @throws RiceError CACHE_DAMAGED if they are not the bytes that were written
   */
  readPatchInto(i: number, buffer: Uint8Array): {x: number; y: number; width: number; height: number} {
    if (this.#file === undefined) throw new Error('the prepared cache is closed');
    const bounds = this.#index.bounds(i);
    const length = bounds.width * bounds.height * 3;
    let done = 0;
    while (done < length) {
      const read = readSync(this.#file, buffer, done, length - done, this.#index.offset(i) + done);
      if (read === 0) throw this.#damaged(this.folder, `it ends before ${this.path(i)}`);
      done += read;
    }
    const written = this.#index.crc32(i);
    if (written !== undefined && crc32(buffer.subarray(0, length)) !== written)
      throw this.#damaged(this.folder, `${this.path(i)} was changed since it was prepared`);
    return bounds;
  }

  /**
   * Reads every image once, to hold it against its checksum.
   *
   * @throws RiceError CACHE_DAMAGED; the signal's reason
   */
  async check(signal?: AbortSignal): Promise<void> {
    const {width, height} = this.size;
    const canvas = new Uint8Array(4 * 3 * width * height);
    for (let i = 0; i < this.count; i++) {
      if (i % CHECKED_AT_ONCE === 0) {
        await setImmediate();
        signal?.throwIfAborted();
      }
      this.readPatchInto(i, canvas);
    }
  }

  close(): void {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
  }
}

/**
 * Opens a cache that `buildPreparedCache` wrote; its folder is `PreparedCache.folder`. Each image is held against its
 * checksum when it is read.
 *
 * @param damaged creates the error for damage; CACHE_DAMAGED if omitted
 * @throws RiceError CACHE_DAMAGED if it is missing or incomplete
 */
export function openPreparedCache(folder: string, damaged: DamageError = cacheDamaged): PreparedCache {
  const {header, records} = readIndex(folder, damaged);
  return new PreparedCache(folder, header, records, openSync(join(folder, PATCHES_FILE), 'r'), damaged);
}

function cacheDamaged(folder: string, reason: string): RiceError {
  return new RiceError('CACHE_DAMAGED', `the cache in ${folder} is damaged: ${reason}`);
}
