import {ByteReader, corrupt, unsupported} from '../bytes.ts';
import {validOrientation} from '../exif.ts';
import type {ImageHeader, SizeCheck} from '../types.ts';

export const TIFF_TAGS = {
  width: 256,
  height: 257,
  bitsPerSample: 258,
  compression: 259,
  photometric: 262,
  fillOrder: 266,
  stripOffsets: 273,
  orientation: 274,
  samplesPerPixel: 277,
  rowsPerStrip: 278,
  stripBytes: 279,
  planes: 284,
  predictor: 317,
  palette: 320,
  tileWidth: 322,
  tileHeight: 323,
  tileOffsets: 324,
  tileBytes: 325,
  extraSamples: 338,
  sampleFormat: 339,
} as const;

export interface TiffHeader extends ImageHeader {
  littleEndian: boolean;
  tags: TiffTags;
  /** A further page follows. */
  pages: boolean;
}

const WANTED: ReadonlySet<number> = new Set(Object.values(TIFF_TAGS));
const ENTRY_BYTES = 12;
/** Bytes of a value of the types that these tags may have: BYTE, SHORT, LONG. */
const TYPE_BYTES: Readonly<Record<number, number>> = {1: 1, 3: 2, 4: 4};

/** The tags of a directory that tell how to read its pixels. Values are read when asked for, as many as asked for. */
export class TiffTags {
  readonly #reader: ByteReader;
  readonly #entries = new Map<number, number>();

  constructor(reader: ByteReader, directory: number, count: number) {
    this.#reader = reader;
    for (let i = 0; i < count; i++) {
      const entry = directory + 2 + i * ENTRY_BYTES;
      const tag = reader.u16(entry);
      reader.need(entry, ENTRY_BYTES);
      if (WANTED.has(tag) && !this.#entries.has(tag)) this.#entries.set(tag, entry);
    }
  }

  has(tag: number): boolean {
    return this.#entries.has(tag);
  }

  first(tag: number): number | undefined {
    return this.list(tag, 1)?.[0];
  }

  /** Up to `most` values; a file may claim millions. */
  list(tag: number, most: number): number[] | undefined {
    const entry = this.#entries.get(tag);
    if (entry === undefined) return undefined;
    const type = this.#reader.u16(entry + 2);
    const count = this.#reader.u32(entry + 4);
    const bytes = TYPE_BYTES[type];
    if (bytes === undefined) throw unsupported(`a TIFF with a tag of type ${type}`);
    const offset = count * bytes <= 4 ? entry + 8 : this.#reader.u32(entry + 8);
    this.#reader.need(offset, count * bytes);
    const values: number[] = [];
    for (let at = offset; values.length < Math.min(count, most); at += bytes)
      values.push(bytes === 1 ? this.#reader.u8(at) : bytes === 2 ? this.#reader.u16(at) : this.#reader.u32(at));
    return values;
  }
}

/** Reads the first page's directory (TIFF 6.0). Only the tags above are looked at. */
export function readTiffHeader(bytes: Uint8Array, check?: SizeCheck): TiffHeader {
  const reader = new ByteReader(bytes, 'TIFF', bytes[0] === 0x49);
  const directory = reader.u32(4);
  const count = reader.u16(directory);
  const tags = new TiffTags(reader, directory, count);
  const next = directory + 2 + count * ENTRY_BYTES;
  const width = tags.first(TIFF_TAGS.width);
  const height = tags.first(TIFF_TAGS.height);
  if (width === undefined || height === undefined) throw corrupt('TIFF', 'it does not tell its size');
  check?.(width, height);
  return {
    width,
    height,
    orientation: validOrientation(tags.first(TIFF_TAGS.orientation) ?? 1),
    littleEndian: reader.littleEndian,
    tags,
    pages: next + 4 <= bytes.length && reader.u32(next) !== 0,
  };
}
