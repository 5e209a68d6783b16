import {hash} from 'node:crypto';
import {readFileSync, statSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {type Digested, withDigest, withoutDigest} from '../../common/digested.ts';
import type {RiceError} from '../../common/errors.ts';
import type {Flaw} from '../../image/flaws/flaw.ts';
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
  /** CRC-32 of the RGB bytes. */
  crc32: number;
}

/** The pictures of a label in which a single grain could not be found. */
export interface WithoutSingleGrain {
  /** The pictures of the label that could be prepared. */
  images: number;
  /** Those with no grain at all: the whole picture was used. */
  none: number;
  /** Those with several grains: the largest was used. */
  several: number;
  /** The path of the first one, relative to the root of the dataset. */
  example?: string;
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
  /** For each label, how many pictures show no single grain; missing in caches of earlier versions. */
  withoutSingleGrain?: WithoutSingleGrain[];
  /** How many pictures are cut closely around their grain; missing in caches of earlier versions. */
  closelyCut?: number;
  /** How many pictures have each flaw with which others like them are not answered; those that none has are missing. */
  flaws?: Partial<Record<Flaw, number>>;
}

/** Makes the error for damage, which is described by a clause such as "it ends before a.jpg". */
export type DamageError = (folder: string, reason: string) => RiceError;

interface StoredHeader extends CacheHeader {
  patchesBytes: number;
  recordsSha256: string;
}

/** Offset (float64), x, y, width, height, label (uint16), two bytes unused, SHA-256, CRC-32 (uint32); little-endian. */
const RECORD_BYTES = 56;
/** Of format 1, which runs of earlier versions hold: the same without the CRC-32. */
const RECORD_BYTES_1 = 52;

export function writeIndex(folder: string, header: CacheHeader, records: readonly CacheRecord[]): void {
  const bytes = encodeRecords(records);
  const stored: StoredHeader = {
    ...header,
    patchesBytes: statSync(join(folder, PATCHES_FILE)).size,
    recordsSha256: hash('sha256', bytes),
  };
  writeFileSync(join(folder, RECORDS_FILE), bytes, {flush: true});
  writeFileSync(join(folder, HEADER_FILE), JSON.stringify(withDigest(stored)), {flush: true});
}

/**
 * Reads what a cache holds, without its pictures.
 *
 * @throws what `damaged` makes of it if a file is missing, changed, or has the wrong length
 */
export function readIndex(folder: string, damaged: DamageError): {header: CacheHeader; records: CacheIndex} {
  try {
    const text = readFileSync(join(folder, HEADER_FILE), 'utf8');
    const stored = withoutDigest(JSON.parse(text) as Partial<Digested<StoredHeader>>);
    if (!stored) throw new Error(`${HEADER_FILE} was changed since it was written`);
    const {patchesBytes, recordsSha256, ...header} = stored;
    const recordBytes = header.format === 1 ? RECORD_BYTES_1 : RECORD_BYTES;
    const bytes = readFileSync(join(folder, RECORDS_FILE));
    const valid =
      (header.format === CACHE_FORMAT || header.format === 1) &&
      hash('sha256', bytes) === recordsSha256 &&
      bytes.length === header.paths.length * recordBytes &&
      statSync(join(folder, PATCHES_FILE)).size === patchesBytes;
    if (!valid) throw new Error('its files do not match');
    return {header, records: new CacheIndex(bytes, recordBytes)};
  } catch (error) {
    throw damaged(folder, (error as Error).message);
  }
}

/** Decodes records from their bytes on demand. */
export class CacheIndex {
  readonly length: number;
  readonly #view: DataView;
  readonly #bytes: Buffer;
  readonly #recordBytes: number;

  /** @param recordBytes of each record, which tell its format */
  constructor(bytes: Buffer, recordBytes: number) {
    this.#bytes = bytes;
    this.#recordBytes = recordBytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    this.length = bytes.length / recordBytes;
  }

  offset(i: number): number {
    return this.#view.getFloat64(i * this.#recordBytes, true);
  }

  bounds(i: number): {x: number; y: number; width: number; height: number} {
    const at = i * this.#recordBytes + 8;
    const field = (n: number) => this.#view.getUint16(at + 2 * n, true);
    return {x: field(0), y: field(1), width: field(2), height: field(3)};
  }

  label(i: number): number {
    return this.#view.getUint16(i * this.#recordBytes + 16, true);
  }

  sha256(i: number): string {
    const at = i * this.#recordBytes + 20;
    return this.#bytes.toString('hex', at, at + 32);
  }

  /** Of the RGB bytes; undefined in format 1. */
  crc32(i: number): number | undefined {
    return this.#recordBytes === RECORD_BYTES ? this.#view.getUint32(i * RECORD_BYTES + 52, true) : undefined;
  }
}

function encodeRecords(records: readonly CacheRecord[]): Buffer {
  const bytes = Buffer.alloc(records.length * RECORD_BYTES);
  records.forEach(({offset, x, y, width, height, label, sha256, crc32}, i) => {
    let at = bytes.writeDoubleLE(offset, i * RECORD_BYTES);
    for (const value of [x, y, width, height, label]) at = bytes.writeUInt16LE(value, at);
    bytes.write(sha256, at + 2, 'hex');
    bytes.writeUInt32LE(crc32, at + 34);
  });
  return bytes;
}
