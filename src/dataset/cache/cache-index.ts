import {hash} from 'node:crypto';
import {readFileSync, statSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {RiceError} from '../../common/errors.ts';
import type {FileError} from '../file-error.ts';

/** The files of a prepared cache. */
export const PATCHES_FILE = 'patches.bin';
const RECORDS_FILE = 'index.bin';
const HEADER_FILE = 'index.json';

/** Changes with the layout of the files; part of the cache's key. */
export const CACHE_FORMAT = 2;

/** One prepared image: the offset of its RGB bytes in `patches.bin`, and its position and size on the canvas. */
export interface CacheRecord {
  offset: number;
  x: number;
  y: number;
  width: number;
  height: number;
  label: number;
  /** Digest of the image file, in hexadecimal. */
  sha256: string;
}

export interface CacheHeader {
  format: number;
  key: string;
  /** DVC's digest of the dataset. */
  digest: string;
  /** Size of the window that the images were prepared for, in px. */
  width: number;
  height: number;
  labels: string[];
  /** One for each record, relative to the root of the dataset. */
  paths: string[];
  /** The images that could not be prepared. */
  errors: FileError[];
}

interface StoredHeader extends CacheHeader {
  patchesBytes: number;
  recordsSha256: string;
}

/** Offset (float64), x, y, width, height, label (uint16), two bytes unused, SHA-256; little-endian. */
const RECORD_BYTES = 52;

export function writeIndex(folder: string, header: CacheHeader, records: readonly CacheRecord[]): void {
  const bytes = encodeRecords(records);
  const stored: StoredHeader = {
    ...header,
    patchesBytes: statSync(join(folder, PATCHES_FILE)).size,
    recordsSha256: hash('sha256', bytes),
  };
  writeFileSync(join(folder, RECORDS_FILE), bytes, {flush: true});
  writeFileSync(join(folder, HEADER_FILE), JSON.stringify(stored), {flush: true});
}

/** @throws RiceError CACHE_DAMAGED if a file is missing, changed, or has the wrong length */
export function readIndex(folder: string): {header: CacheHeader; records: CacheIndex} {
  try {
    const {patchesBytes, recordsSha256, ...header} = JSON.parse(
      readFileSync(join(folder, HEADER_FILE), 'utf8'),
    ) as StoredHeader;
    const bytes = readFileSync(join(folder, RECORDS_FILE));
    const valid =
      header.format === CACHE_FORMAT &&
      hash('sha256', bytes) === recordsSha256 &&
      bytes.length === header.paths.length * RECORD_BYTES &&
      statSync(join(folder, PATCHES_FILE)).size === patchesBytes;
    if (!valid) throw new Error('its files do not match');
    return {header, records: new CacheIndex(bytes)};
  } catch (error) {
    throw new RiceError('CACHE_DAMAGED', `the cache in ${folder} is damaged: ${(error as Error).message}`, {
      cause: error,
    });
  }
}

/** Decodes records from their bytes on demand. */
export class CacheIndex {
  readonly length: number;
  readonly #view: DataView;
  readonly #bytes: Buffer;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    this.length = bytes.length / RECORD_BYTES;
  }

  offset(i: number): number {
    return this.#view.getFloat64(i * RECORD_BYTES, true);
  }

  bounds(i: number): {x: number; y: number; width: number; height: number} {
    const at = i * RECORD_BYTES + 8;
    const field = (n: number) => this.#view.getUint16(at + 2 * n, true);
    return {x: field(0), y: field(1), width: field(2), height: field(3)};
  }

  label(i: number): number {
    return this.#view.getUint16(i * RECORD_BYTES + 16, true);
  }

  sha256(i: number): string {
    return this.#bytes.toString('hex', i * RECORD_BYTES + 20, (i + 1) * RECORD_BYTES);
  }
}

function encodeRecords(records: readonly CacheRecord[]): Buffer {
  const bytes = Buffer.alloc(records.length * RECORD_BYTES);
  records.forEach(({offset, x, y, width, height, label, sha256}, i) => {
    let at = bytes.writeDoubleLE(offset, i * RECORD_BYTES);
    for (const value of [x, y, width, height, label]) at = bytes.writeUInt16LE(value, at);
    bytes.write(sha256, at + 2, 'hex');
  });
  return bytes;
}
