import {deflateSync} from 'node:zlib';
import type {Frame} from '../../src/image/frame.ts';

export interface BmpOptions {
  bitsPerPixel?: 4 | 8 | 24 | 32;
  topDown?: boolean;
  /** Bytes between the headers and the pixels. */
  gap?: number;
}

/** Encodes an uncompressed BMP; 4 and 8 bits a pixel through a grey palette of the green channel. */
export function encodeBmp(
  {width, height, data}: Frame,
  {bitsPerPixel = 24, topDown = false, gap = 0}: BmpOptions = {},
): Buffer {
  const palette = bitsPerPixel <= 8 ? 1 << bitsPerPixel : 0;
  const rowBytes = Math.ceil((width * bitsPerPixel) / 32) * 4;
  const offset = 54 + palette * 4 + gap;
  const out = Buffer.alloc(offset + rowBytes * height);
  out.write('BM', 'latin1');
  out.writeUInt32LE(out.length, 2);
  out.writeUInt32LE(offset, 10);
  out.writeUInt32LE(40, 14);
  out.writeInt32LE(width, 18);
  out.writeInt32LE(topDown ? -height : height, 22);
  out.writeUInt16LE(1, 26);
  out.writeUInt16LE(bitsPerPixel, 28);
  for (let i = 0; i < palette; i++) out.fill(Math.round((i * 255) / (palette - 1)), 54 + i * 4, 57 + i * 4);
  for (let y = 0; y < height; y++) {
    const row = offset + rowBytes * (topDown ? y : height - 1 - y);
    for (let x = 0; x < width; x++) {
      const [red, green, blue] = data.subarray((y * width + x) * 3);
      if (bitsPerPixel >= 24) out.set([blue, green, red], row + (x * bitsPerPixel) / 8);
      else if (bitsPerPixel === 8) out[row + x] = green;
      else out[row + (x >> 1)] |= Math.round((green * 15) / 255) << (x % 2 ? 0 : 4);
    }
  }
  return out;
}

/** Encodes a GIF of one or more frames with 128 grey levels, codes of 8 bits that are never grown (no compression). */
export function encodeGif(frames: readonly Frame[], {left = 0} = {}): Buffer {
  const {width, height} = frames[0];
  const head = Buffer.alloc(13);
  head.write('GIF89a', 'latin1');
  head.writeUInt16LE(width, 6);
  head.writeUInt16LE(height, 8);
  head[10] = 0x80 | 6;
  const palette = Buffer.from(Array.from({length: 128 * 3}, (_, i) => Math.floor(i / 3) * 2));
  return Buffer.concat([head, palette, ...frames.map((frame) => gifFrame(frame, left)), Buffer.of(0x3b)]);
}

function gifFrame({width, height, data}: Frame, left: number): Buffer {
  const descriptor = Buffer.alloc(11);
  descriptor[0] = 0x2c;
  descriptor.writeUInt16LE(left, 1);
  descriptor.writeUInt16LE(width, 5);
  descriptor.writeUInt16LE(height, 7);
  descriptor[10] = 7;
  const codes: number[] = [];
  // A clear code before the table reaches 256 entries keeps every code at 8 bits.
  for (let i = 0; i < width * height; i++) {
    if (i % 100 === 0) codes.push(128);
    codes.push(data[i * 3 + 1] >> 1);
  }
  codes.push(129);
  const blocks: Buffer[] = [descriptor];
  for (let i = 0; i < codes.length; i += 255) {
    const block = codes.slice(i, i + 255);
    blocks.push(Buffer.of(block.length, ...block));
  }
  return Buffer.concat([...blocks, Buffer.of(0)]);
}

export interface TiffOptions {
  order?: 'II' | 'MM';
  /** 1 none, 8 deflate. */
  compression?: 1 | 8;
  orientation?: number;
  /** Further tags as [tag, type, count, value]. */
  tags?: Array<[tag: number, type: number, count: number, value: number]>;
  /** Offset of the next directory. */
  next?: number;
}

/** Encodes an RGB TIFF of one strip. */
export function encodeTiff({width, height, data}: Frame, options: TiffOptions = {}): Buffer {
  const {order = 'II', compression = 1, orientation = 1, tags = [], next = 0} = options;
  const pixels = compression === 8 ? deflateSync(data) : Buffer.from(data);
  const entries: Array<[number, number, number, number]> = [
    [256, 4, 1, width],
    [257, 4, 1, height],
    [258, 3, 1, 8],
    [259, 3, 1, compression],
    [262, 3, 1, 2],
    [273, 4, 1, 8],
    [274, 3, 1, orientation],
    [277, 3, 1, 3],
    [278, 4, 1, height],
    [279, 4, 1, pixels.length],
    ...tags,
  ];
  entries.sort(([a], [b]) => a - b);
  const directory = Buffer.alloc(2 + entries.length * 12 + 4);
  const head = Buffer.alloc(8);
  const u16 = (buffer: Buffer, value: number, at: number) =>
    order === 'II' ? buffer.writeUInt16LE(value, at) : buffer.writeUInt16BE(value, at);
  const u32 = (buffer: Buffer, value: number, at: number) =>
    order === 'II' ? buffer.writeUInt32LE(value, at) : buffer.writeUInt32BE(value, at);
  head.write(order, 'latin1');
  u16(head, 42, 2);
  u32(head, 8 + pixels.length, 4);
  u16(directory, entries.length, 0);
  entries.forEach(([tag, type, count, value], i) => {
    u16(directory, tag, 2 + i * 12);
    u16(directory, type, 4 + i * 12);
    u32(directory, count, 6 + i * 12);
    if (type === 3) u16(directory, value, 10 + i * 12);
    else u32(directory, value, 10 + i * 12);
  });
  u32(directory, next, 2 + entries.length * 12);
  return Buffer.concat([head, pixels, directory]);
}
