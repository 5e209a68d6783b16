import {crc32} from 'node:zlib';
import {ByteReader, corrupt, truncated} from '../bytes.ts';
import {exifOrientation} from '../exif.ts';
import type {ImageHeader, PixelCost, SizeCheck} from '../types.ts';

/** Where a chunk's payload lies. */
export interface PngChunk {
  offset: number;
  length: number;
}

export interface PngHeader extends ImageHeader {
  bitDepth: number;
  /** 0 grey, 2 RGB, 3 palette, 4 grey and alpha, 6 RGB and alpha. */
  colorType: number;
  interlaced: boolean;
  animated: boolean;
  palette: PngChunk | undefined;
  /** Alpha of palette entries, or the one color that is transparent. */
  transparency: PngChunk | undefined;
  /** The compressed pixels, in order. */
  data: PngChunk[];
}

/** Bit depths that a color type may have (PNG specification, table 11.1). */
const BIT_DEPTHS: Readonly<Record<number, readonly number[]>> = {
  0: [1, 2, 4, 8, 16],
  2: [8, 16],
  3: [1, 2, 4, 8],
  4: [8, 16],
  6: [8, 16],
};
const GREY = 0;
const RGB = 2;
/** Samples per pixel of each color type. */
export const CHANNELS: Readonly<Record<number, number>> = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4};
const PALETTE = 3;
const GREY_ALPHA = 4;

/** Encoders write one for some 8 kB or more; every one costs memory here and in the decoder. */
const MOST_CHUNKS = 100_000;
/** Signature, then the header chunk: length, name, 13 bytes, checksum. */
const AFTER_HEADER = 33;

/**
 * Walks the chunks to the end of the image and holds their structure against the PNG specification (third edition,
 * section 5.6): one header, first; at most one palette, before the pixels; the pixels in one row; the checksums of all
 * that decides what the picture is. A file that could state its size or its pixel format twice is refused here, before
 * any decoder takes memory by the one and fills it by the other. A file without an end was cut.
 */
export function readPngHeader(bytes: Uint8Array, check?: SizeCheck): PngHeader {
  const reader = new ByteReader(bytes, 'PNG', false);
  const header = readFirstChunk(reader, check);
  let chunks = 0;
  let last = 'IHDR';
  for (let offset = AFTER_HEADER; ; ) {
    if (++chunks > MOST_CHUNKS) throw corrupt('PNG', `it has more than ${MOST_CHUNKS.toLocaleString('en')} chunks`);
    const length = reader.u32(offset);
    const type = reader.ascii(offset + 4, 4);
    if (!/^[A-Za-z]{4}$/.test(type)) throw corrupt('PNG', 'a chunk has no name');
    if (type === 'IEND') break;
    reader.need(offset + 8, length + 4);
    const chunk = {offset: offset + 8, length};
    const valid = hasItsChecksum(reader, chunk);
    if (!valid && (isCritical(type) || type === 'tRNS')) throw corrupt('PNG', `the checksum of its ${type} is wrong`);
    if (type === 'IDAT') {
      if (header.data.length > 0 && last !== 'IDAT') throw corrupt('PNG', 'its pixels are not in one row');
      header.data.push(chunk);
    } else if (type === 'PLTE') takePalette(header, chunk);
    else if (type === 'tRNS') takeTransparency(header, chunk);
    else if (type === 'acTL') header.animated = true;
    else if (type === 'eXIf' && valid) header.orientation = exifOrientation(payload(bytes, chunk));
    else if (isCritical(type))
      throw corrupt('PNG', type === 'IHDR' ? 'it has a second header' : `its ${type} is unknown`);
    last = type;
    offset += length + 12;
  }
  if (header.data.length === 0) throw truncated('PNG');
  if (header.colorType === PALETTE && !header.palette) throw corrupt('PNG', 'its palette is missing');
  return header;
}

function readFirstChunk(reader: ByteReader, check: SizeCheck | undefined): PngHeader {
  if (reader.u32(8) !== 13 || reader.ascii(12, 4) !== 'IHDR') throw corrupt('PNG', 'it does not start with its header');
  reader.need(16, AFTER_HEADER - 16);
  const [bitDepth, colorType, compression, filter, interlace] = reader.bytes.subarray(24, 29);
  if (!BIT_DEPTHS[colorType]?.includes(bitDepth) || compression !== 0 || filter !== 0 || interlace > 1)
    throw corrupt('PNG', 'its pixel format does not exist');
  const [width, height] = [reader.u32(16), reader.u32(20)];
  check?.(width, height, costOf(bitDepth, colorType));
  if (!hasItsChecksum(reader, {offset: 16, length: 13})) throw corrupt('PNG', 'the checksum of its header is wrong');
  return {
    width,
    height,
    bitDepth,
    colorType,
    interlaced: interlace === 1,
    animated: false,
    orientation: 1,
    palette: undefined,
    transparency: undefined,
    data: [],
  };
}

/** Two rows are in memory beside the frame. */
function costOf(bitDepth: number, colorType: number): PixelCost {
  return {bytes: 6, nanoseconds: 15 + bitDepth * CHANNELS[colorType]};
}

function takePalette(header: PngHeader, chunk: PngChunk): void {
  const {bitDepth, colorType, palette, data} = header;
  const most = colorType === PALETTE ? 2 ** bitDepth : 256;
  const entries = chunk.length / 3;
  if (palette || data.length > 0 || colorType === GREY || colorType === GREY_ALPHA)
    throw corrupt('PNG', 'it has a palette where none belongs');
  if (!Number.isInteger(entries) || entries < 1 || entries > most)
    throw corrupt('PNG', `its palette has ${chunk.length} bytes`);
  header.palette = chunk;
}

function takeTransparency(header: PngHeader, chunk: PngChunk): void {
  const {colorType, palette, transparency, data} = header;
  const lengths: Record<number, boolean> = {
    [GREY]: chunk.length === 2,
    [RGB]: chunk.length === 6,
    [PALETTE]: palette !== undefined && chunk.length <= palette.length / 3,
  };
  if (transparency || data.length > 0 || !lengths[colorType])
    throw corrupt('PNG', 'what it says of transparency does not fit');
  header.transparency = chunk;
}

/** What a decoder must understand has a capital first letter (section 5.4). */
function isCritical(type: string): boolean {
  return type[0] < 'a';
}

/** The checksum is that of name and payload (section 5.3). */
function hasItsChecksum(reader: ByteReader, {offset, length}: PngChunk): boolean {
  return crc32(reader.bytes.subarray(offset - 4, offset + length)) === reader.u32(offset + length);
}

function payload(bytes: Uint8Array, {offset, length}: PngChunk): Uint8Array {
  return bytes.subarray(offset, offset + length);
}
