import {ByteReader, corrupt, unsupported} from '../bytes.ts';
import type {ImageHeader, SizeCheck} from '../types.ts';

export interface BmpHeader extends ImageHeader {
  bitsPerPixel: number;
  /** 0 none, 3 and 6 bit fields. */
  compression: number;
  /** Rows are stored from the top; from the bottom is usual. */
  topDown: boolean;
  /** Where the palette lies, entries and bytes of each. */
  palette: {offset: number; entries: number; entryBytes: number};
  /** Bit masks of red, green and blue (16 and 32 bits a pixel). */
  masks: readonly [number, number, number];
  /** Where the pixels lie, and bytes of a row (a multiple of 4). */
  pixels: {offset: number; rowBytes: number};
}

const COST = {bytes: 6, nanoseconds: 20};
const CORE_HEADER = 12;
const INFO_HEADER = 40;
const BIT_FIELDS = 3;
const ALPHA_BIT_FIELDS = 6;

/** Reads the file and bitmap headers (Microsoft, "Bitmap Storage") and checks that uncompressed pixels are all there. */
export function readBmpHeader(bytes: Uint8Array, check?: SizeCheck): BmpHeader {
  const reader = new ByteReader(bytes, 'BMP', true);
  const headerBytes = reader.u32(14);
  if (headerBytes !== CORE_HEADER && (headerBytes < INFO_HEADER || headerBytes > 124))
    throw corrupt('BMP', `its header has ${headerBytes} bytes`);
  const core = headerBytes === CORE_HEADER;
  reader.need(14, headerBytes);
  const width = core ? reader.u16(18) : reader.i32(18);
  const signedHeight = core ? reader.u16(20) : reader.i32(22);
  const bitsPerPixel = reader.u16(core ? 24 : 28);
  const compression = core ? 0 : reader.u32(30);
  if (width <= 0 || signedHeight === 0) throw corrupt('BMP', 'it has no pixels');
  check?.(width, Math.abs(signedHeight), COST);
  if (![1, 4, 8, 16, 24, 32].includes(bitsPerPixel)) throw corrupt('BMP', `a pixel has ${bitsPerPixel} bits`);
  const fields = compression === BIT_FIELDS || compression === ALPHA_BIT_FIELDS;
  if (compression !== 0 && !fields) throw unsupported('a compressed BMP');
  if (fields && bitsPerPixel !== 16 && bitsPerPixel !== 32) throw corrupt('BMP', 'it has bit fields without need');
  const masksInside = fields && headerBytes === INFO_HEADER;
  const paletteOffset = 14 + headerBytes + (masksInside ? (compression === BIT_FIELDS ? 12 : 16) : 0);
  const entries = bitsPerPixel > 8 ? 0 : paletteEntries(core ? 0 : reader.u32(46), bitsPerPixel);
  const entryBytes = core ? 3 : 4;
  const header: BmpHeader = {
    width,
    height: Math.abs(signedHeight),
    orientation: 1,
    bitsPerPixel,
    compression,
    topDown: signedHeight < 0,
    palette: {offset: paletteOffset, entries, entryBytes},
    masks: fields ? [reader.u32(54), reader.u32(58), reader.u32(62)] : usualMasks(bitsPerPixel),
    pixels: {offset: reader.u32(10), rowBytes: Math.ceil((width * bitsPerPixel) / 32) * 4},
  };
  if (header.pixels.offset < 14 + headerBytes) throw corrupt('BMP', 'its pixels lie in its header');
  reader.need(paletteOffset, entries * entryBytes);
  return header;
}

function paletteEntries(stated: number, bitsPerPixel: number): number {
  const most = 1 << bitsPerPixel;
  return stated === 0 ? most : Math.min(stated, most);
}

function usualMasks(bitsPerPixel: number): [number, number, number] {
  return bitsPerPixel === 16 ? [0x7c00, 0x03e0, 0x001f] : [0x00ff0000, 0x0000ff00, 0x000000ff];
}
