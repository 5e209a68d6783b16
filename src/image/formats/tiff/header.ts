import {ByteReader, corrupt, unsupported} from '../bytes.ts';
import {validOrientation} from '../exif.ts';
import type {ImageHeader, PixelCost, SizeCheck} from '../types.ts';

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
  jpegTables: 347,
} as const;

export interface TiffHeader extends ImageHeader {
  littleEndian: boolean;
  tags: TiffTags;
  /** A further page follows. */
  pages: boolean;
}

const WANTED: ReadonlySet<number> = new Set(Object.values(TIFF_TAGS));
/** Bytes per value of the types that these tags may have: BYTE, SHORT, LONG, UNDEFINED, LONG8. */
const TYPE_BYTES: Readonly<Record<number, number>> = {1: 1, 3: 2, 4: 4, 7: 1, 16: 8};
const BIG = 43;
/** The number of JPEG compression. */
export const JPEG = 7;

/** How numbers that may be large are stored: in 4 bytes, or in BigTIFF, which is like TIFF otherwise, in 8. */
interface Widths {
  big: boolean;
  /** Bytes of a directory before its entries, and of an entry. */
  countBytes: number;
  entryBytes: number;
  /** Bytes of an offset, of the number of values, and of values that lie in the entry itself. */
  offsetBytes: number;
}

const CLASSIC: Widths = {big: false, countBytes: 2, entryBytes: 12, offsetBytes: 4};
const BIG_TIFF: Widths = {big: true, countBytes: 8, entryBytes: 20, offsetBytes: 8};

/** The tags of a directory that tell how to read its pixels. Values are read when asked for, as many as asked for. */
export class TiffTags {
  readonly #reader: ByteReader;
  readonly #widths: Widths;
  readonly #entries = new Map<number, number>();

  constructor(reader: ByteReader, widths: Widths, start: number, count: number) {
    this.#reader = reader;
    this.#widths = widths;
    for (let i = 0; i < count; i++) {
      const entry = start + i * widths.entryBytes;
      const tag = reader.u16(entry);
      reader.need(entry, widths.entryBytes);
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
    const place = this.#valuesOf(tag);
    if (!place) return undefined;
    const reader = this.#reader;
    const {offset, count, bytes} = place;
    const values: number[] = [];
    for (let at = offset; values.length < Math.min(count, most); at += bytes)
      values.push(bytes === 1 ? reader.u8(at) : bytes === 2 ? reader.u16(at) : numberAt(reader, at, bytes));
    return values;
  }

  /** All values, of a byte each. */
  bytes(tag: number): Uint8Array | undefined {
    const place = this.#valuesOf(tag);
    return place && this.#reader.bytes.subarray(place.offset, place.offset + place.count * place.bytes);
  }

  #valuesOf(tag: number): {offset: number; count: number; bytes: number} | undefined {
    const entry = this.#entries.get(tag);
    if (entry === undefined) return undefined;
    const {offsetBytes} = this.#widths;
    const type = this.#reader.u16(entry + 2);
    const count = numberAt(this.#reader, entry + 4, offsetBytes);
    const bytes = TYPE_BYTES[type];
    if (bytes === undefined) throw unsupported(`a TIFF with a tag of type ${type}`);
    const inside = entry + 4 + offsetBytes;
    const offset = count * bytes <= offsetBytes ? inside : numberAt(this.#reader, inside, offsetBytes);
    this.#reader.need(offset, count * bytes);
    return {offset, count, bytes};
  }
}

function numberAt(reader: ByteReader, offset: number, bytes: number): number {
  return bytes === 8 ? reader.u64(offset) : reader.u32(offset);
}

/** Reads the first page's directory (TIFF 6.0, and BigTIFF). Only the tags above are looked at. */
export function readTiffHeader(bytes: Uint8Array, check?: SizeCheck): TiffHeader {
  const reader = new ByteReader(bytes, 'TIFF', bytes[0] === 0x49);
  const widths = reader.u16(2) === BIG ? BIG_TIFF : CLASSIC;
  const {big, countBytes, entryBytes, offsetBytes} = widths;
  if (big && (reader.u16(4) !== offsetBytes || reader.u16(6) !== 0))
    throw corrupt('TIFF', 'its offsets are of a size that does not exist');
  const directory = numberAt(reader, big ? 8 : 4, offsetBytes);
  const count = big ? reader.u64(directory) : reader.u16(directory);
  const tags = new TiffTags(reader, widths, directory + countBytes, count);
  const next = directory + countBytes + count * entryBytes;
  const width = tags.first(TIFF_TAGS.width);
  const height = tags.first(TIFF_TAGS.height);
  if (width === undefined || height === undefined) throw corrupt('TIFF', 'it does not tell its size');
  check?.(width, height, pixelCost(tags));
  return {
    width,
    height,
    orientation: validOrientation(tags.first(TIFF_TAGS.orientation) ?? 1),
    littleEndian: reader.littleEndian,
    tags,
    pages: next + offsetBytes <= bytes.length && numberAt(reader, next, offsetBytes) !== 0,
  };
}

/** The whole picture may be one strip, which is decompressed beside the frame. */
function pixelCost(tags: TiffTags): PixelCost {
  const bits = tags.first(TIFF_TAGS.bitsPerSample) ?? 1;
  const samples = tags.first(TIFF_TAGS.samplesPerPixel) ?? 1;
  const jpeg = tags.first(TIFF_TAGS.compression) === JPEG;
  return {bytes: jpeg ? 12 : Math.max(6, 3 + (bits * samples) / 8), nanoseconds: 60};
}
