import {corrupt, truncated} from '../bytes.ts';
import {decodeJpeg} from '../jpeg/decode.ts';
import {readJpegHeader} from '../jpeg/header.ts';
import type {Decoder} from '../types.ts';
import {TIFF_TAGS, type TiffHeader} from './header.ts';
import {PHOTOMETRIC, type TiffLayout} from './layout.ts';

const START = Buffer.of(0xff, 0xd8);
const MARKER_BYTES = 2;
/** An Adobe marker up to its last byte, which says what three colors are: 0 RGB, 1 YCbCr. */
const ADOBE = [0xff, 0xee, 0, 14, ...Buffer.from('Adobe'), 0, 100, 0, 0, 0, 0];
/** Far more than quantization and Huffman tables take. Every block is decoded with them. */
const MOST_TABLE_BYTES = 8192;
/** Encoders write one. */
const MOST_SCANS = 20;

/**
 * Blocks that are JPEGs without their common tables (TIFF technical note 2; Adobe Photoshop TIFF technical notes).
 *
 * @returns decodes a block to RGB, as wide as blocks are and at least `rows` rows high; valid until the next one
 */
export function jpegBlocks(bytes: Buffer, {tags}: TiffHeader, layout: TiffLayout, decoder: Decoder) {
  const {blocks, samples, photometric} = layout;
  const tables = tags.bytes(TIFF_TAGS.jpegTables) ?? new Uint8Array(0);
  if (tables.length > MOST_TABLE_BYTES) throw corrupt('TIFF', 'the tables of its JPEGs are too large');
  const common = Buffer.from(tables.subarray(MARKER_BYTES, Math.max(MARKER_BYTES, tables.length - MARKER_BYTES)));
  const colors = samples === 3 ? Buffer.from([...ADOBE, photometric === PHOTOMETRIC.yCbCr ? 1 : 0]) : Buffer.alloc(0);
  return (index: number, rows: number): Uint8Array => {
    const stored = bytes.subarray(blocks.offsets[index], blocks.offsets[index] + blocks.lengths[index]);
    if (stored.length < MARKER_BYTES) throw truncated('TIFF');
    if (!stored.subarray(0, MARKER_BYTES).equals(START)) throw corrupt('TIFF', 'a part of it is no JPEG');
    const jpeg = Buffer.concat([START, colors, common, stored.subarray(MARKER_BYTES)]);
    const header = readJpegHeader(jpeg);
    if (header.width !== blocks.width || header.height < rows || header.height > blocks.height)
      throw corrupt('TIFF', `a part of it is ${header.width} x ${header.height} pixels`);
    if (header.frame.components.length !== samples) throw corrupt('TIFF', 'a part of it has other colors');
    if ((header.passes ?? 1) > MOST_SCANS) throw corrupt('TIFF', `a part of it has more than ${MOST_SCANS} scans`);
    const {data, width, height} = decodeJpeg(jpeg, header, decoder).frame;
    if (width !== header.width || height !== header.height) throw corrupt('TIFF', 'a part of it states two sizes');
    return photometric === PHOTOMETRIC.whiteIsZero ? data.map((level) => 255 - level) : data;
  };
}
