import {ByteReader, corrupt, unsupported} from './bytes.ts';
import {validOrientation} from './exif.ts';
import type {ImageHeader, SizeCheck} from './header.ts';

export interface TiffHeader extends ImageHeader {
  littleEndian: boolean;
  /** The first page's tags that tell how to read its pixels. */
  tags: ReadonlyMap<number, readonly number[]>;
  /** A further page follows. */
  pages: boolean;
}

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

const WANTED: ReadonlySet<number> = new Set(Object.values(TIFF_TAGS));
/** Bytes of a value of the types that these tags may have: BYTE, SHORT, LONG. */
const TYPE_BYTES: Readonly<Record<number, number>> = {1: 1, 3: 2, 4: 4};

/** Reads the first page's directory (TIFF 6.0). Only the tags above are looked at. */
export function readTiffHeader(bytes: Uint8Array, check?: SizeCheck): TiffHeader {
  const reader = new ByteReader(bytes, 'tiff', bytes[0] === 0x49);
  const directory = reader.u32(4);
  const entries = reader.u16(directory);
  const tags = new Map<number, number[]>();
  for (let i = 0; i < entries; i++) {
    const entry = directory + 2 + i * 12;
    const tag = reader.u16(entry);
    if (WANTED.has(tag)) tags.set(tag, readValues(reader, entry));
  }
  const next = directory + 2 + entries * 12;
  const width = first(tags, TIFF_TAGS.width);
  const height = first(tags, TIFF_TAGS.height);
  if (width === undefined || height === undefined) throw corrupt('tiff', 'it does not tell its size');
  check?.(width, height);
  return {
    width,
    height,
    orientation: validOrientation(first(tags, TIFF_TAGS.orientation) ?? 1),
    littleEndian: reader.littleEndian,
    tags,
    pages: next + 4 <= bytes.length && reader.u32(next) !== 0,
  };
}

export function first(tags: ReadonlyMap<number, readonly number[]>, tag: number): number | undefined {
  return tags.get(tag)?.[0];
}

function readValues(reader: ByteReader, entry: number): number[] {
  const type = reader.u16(entry + 2);
  const count = reader.u32(entry + 4);
  const bytes = TYPE_BYTES[type];
  if (bytes === undefined) throw unsupported(`a TIFF with a tag of type ${type}`);
  const offset = count * bytes <= 4 ? entry + 8 : reader.u32(entry + 8);
  reader.need(offset, count * bytes);
  const values: number[] = [];
  for (let i = 0; i < count; i++) {
    const at = offset + i * bytes;
    values.push(bytes === 1 ? reader.u8(at) : bytes === 2 ? reader.u16(at) : reader.u32(at));
  }
  return values;
}
