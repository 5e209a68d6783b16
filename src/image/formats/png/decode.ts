import {crc32, inflateSync} from 'node:zlib';
import {corrupt, truncated} from '../bytes.ts';
import {overBlack} from '../rgba.ts';
import type {Decoded} from '../types.ts';
import {AFTER_HEADER, type PngChunk, type PngHeader} from './header.ts';

const CHANNELS: Readonly<Record<number, number>> = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4};

/** Decodes a PNG with jimp's decoder. */
export async function decodePng(bytes: Buffer, header: PngHeader): Promise<Decoded> {
  const compressed = Buffer.concat(header.data.map((chunk) => payload(bytes, chunk)));
  checkCompressedPixels(compressed, header);
  const {default: png} = await import('@jimp/js-png');
  const frame = overBlack(
    png().decode(plainFile(bytes, header, compressed), {}) as {width: number; height: number; data: Buffer},
  );
  return {frame, notes: header.animated ? ['animated PNG: the first frame was used'] : []};
}

/**
 * Inflates the pixels once under a limit: the decoder would inflate those of an interlaced picture without one, and would
 * fill up what is missing with whatever lay in memory.
 */
function checkCompressedPixels(compressed: Buffer, header: PngHeader): void {
  const expected = pixelBytes(header);
  let inflated: number;
  try {
    inflated = inflateSync(compressed, {maxOutputLength: expected + 1}).length;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'Z_BUF_ERROR') throw truncated('PNG', error);
    throw corrupt('PNG', code === 'ERR_BUFFER_TOO_LARGE' ? 'it holds more pixels than it states' : 'its pixels', error);
  }
  if (inflated < expected) throw truncated('PNG');
}

/** A file with nothing but the picture, each chunk once: the decoder can read no other size or pixel format than was checked. */
function plainFile(bytes: Buffer, header: PngHeader, compressed: Buffer): Buffer {
  const chunks = [bytes.subarray(0, AFTER_HEADER)];
  if (header.palette) chunks.push(...makeChunk('PLTE', payload(bytes, header.palette)));
  if (header.transparency) chunks.push(...makeChunk('tRNS', payload(bytes, header.transparency)));
  chunks.push(...makeChunk('IDAT', compressed), ...makeChunk('IEND', Buffer.alloc(0)));
  return Buffer.concat(chunks);
}

/** Length and name, payload, checksum. */
function makeChunk(name: string, data: Buffer): Buffer[] {
  const before = Buffer.alloc(8);
  before.writeUInt32BE(data.length);
  before.write(name, 4, 'latin1');
  const after = Buffer.alloc(4);
  after.writeUInt32BE(crc32(data, crc32(name)));
  return [before, data, after];
}

function payload(bytes: Buffer, {offset, length}: PngChunk): Buffer {
  return bytes.subarray(offset, offset + length);
}

/** Bytes of the filtered rows; an interlaced picture is seven smaller ones (PNG specification, section 8.2). */
function pixelBytes({width, height, bitDepth, colorType, interlaced}: PngHeader): number {
  const bits = bitDepth * CHANNELS[colorType];
  const rows = (columns: number, count: number) => (columns > 0 ? (1 + Math.ceil((columns * bits) / 8)) * count : 0);
  if (!interlaced) return rows(width, height);
  const passes = [
    [0, 0, 8, 8],
    [4, 0, 8, 8],
    [0, 4, 4, 8],
    [2, 0, 4, 4],
    [0, 2, 2, 4],
    [1, 0, 2, 2],
    [0, 1, 1, 2],
  ];
  return passes.reduce(
    (sum, [x, y, stepX, stepY]) => sum + rows(Math.ceil((width - x) / stepX), Math.ceil((height - y) / stepY)),
    0,
  );
}
