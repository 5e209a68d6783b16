import {closeSync, openSync, readSync} from 'node:fs';
import {join} from 'node:path';
import {RiceError} from '../../common/errors.ts';
import type {WindowSize} from '../../image/prepare.ts';
import type {GrainPatch} from '../../image/window/patch.ts';
import type {FileError} from '../file-error.ts';
import {type CacheHeader, type CacheIndex, PATCHES_FILE, readIndex} from './cache-index.ts';

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
  readonly #paths: readonly string[];
  readonly #index: CacheIndex;
  #file: number | undefined;

  constructor(folder: string, header: CacheHeader, index: CacheIndex, file: number) {
    this.folder = folder;
    this.digest = header.digest;
    this.size = {width: header.width, height: header.height};
    this.labels = header.labels;
    this.count = index.length;
    this.errors = header.errors;
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
   */
  readPatchInto(i: number, buffer: Uint8Array): {x: number; y: number; width: number; height: number} {
    if (this.#file === undefined) throw new Error('the prepared cache is closed');
    const bounds = this.#index.bounds(i);
    const length = bounds.width * bounds.height * 3;
    let done = 0;
    while (done < length) {
      const read = readSync(this.#file, buffer, done, length - done, this.#index.offset(i) + done);
      if (read === 0) throw new RiceError('CACHE_DAMAGED', `the cache in ${this.folder} ends before picture ${i}`);
      done += read;
    }
    return bounds;
  }

  close(): void {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
  }
}

/**
 * Opens a cache that `buildPreparedCache` wrote; its folder is `PreparedCache.folder`.
 *
 * @throws RiceError CACHE_DAMAGED if it is missing or incomplete
 */
export function openPreparedCache(folder: string): PreparedCache {
  const {header, records} = readIndex(folder);
  return new PreparedCache(folder, header, records, openSync(join(folder, PATCHES_FILE), 'r'));
}
