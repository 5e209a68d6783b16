import type {Frame} from '../../frame.ts';
import {corrupt, truncated} from '../bytes.ts';
import type {Decoded} from '../types.ts';
import type {BmpHeader} from './header.ts';

/**
 * Decodes an uncompressed BMP. Not by jimp, whose decoder ignores where the pixels start and stops after the first row of
 * a 4-bit picture of odd width.
 */
export function decodeBmp(bytes: Buffer, header: BmpHeader): Decoded {
  const {pixels, height} = header;
  if (pixels.offset + pixels.rowBytes * (height - 1) + usedRowBytes(header) > bytes.length) throw truncated('BMP');
  return {frame: header.bitsPerPixel <= 8 ? unpackPalette(bytes, header) : unpackColors(bytes, header), notes: []};
}

function usedRowBytes({width, bitsPerPixel}: BmpHeader): number {
  return Math.ceil((width * bitsPerPixel) / 8);
}

/** Where the row of the picture starts in the file. */
function rowStart({pixels, topDown, height}: BmpHeader, y: number): number {
  return pixels.offset + pixels.rowBytes * (topDown ? y : height - 1 - y);
}

function unpackPalette(bytes: Buffer, header: BmpHeader): Frame {
  const {width, height, bitsPerPixel, palette} = header;
  const data = new Uint8Array(width * height * 3);
  const perByte = 8 / bitsPerPixel;
  const mask = (1 << bitsPerPixel) - 1;
  let target = 0;
  for (let y = 0; y < height; y++) {
    const start = rowStart(header, y);
    for (let x = 0; x < width; x++) {
      const packed = bytes[start + Math.floor(x / perByte)];
      const index = (packed >> (8 - bitsPerPixel * ((x % perByte) + 1))) & mask;
      if (index >= palette.entries) throw corrupt('BMP', `color ${index} is not in its palette`);
      const entry = palette.offset + index * palette.entryBytes;
      data[target++] = bytes[entry + 2];
      data[target++] = bytes[entry + 1];
      data[target++] = bytes[entry];
    }
  }
  return {width, height, data};
}

function unpackColors(bytes: Buffer, header: BmpHeader): Frame {
  const {width, height, bitsPerPixel, masks} = header;
  const data = new Uint8Array(width * height * 3);
  const pixelBytes = bitsPerPixel / 8;
  const channels = masks.map(channelOf);
  const [red, green, blue] = channels.map(byteOf);
  const wholeBytes = red !== undefined && green !== undefined && blue !== undefined;
  let target = 0;
  for (let y = 0; y < height; y++) {
    let source = rowStart(header, y);
    for (let x = 0; x < width; x++, source += pixelBytes) {
      if (wholeBytes) {
        data[target++] = bytes[source + red];
        data[target++] = bytes[source + green];
        data[target++] = bytes[source + blue];
        continue;
      }
      const value = bytes.readUIntLE(source, pixelBytes);
      for (const {shift, most} of channels) {
        const level = Math.floor(value / 2 ** shift) & most;
        data[target++] = most === 0 ? 0 : Math.floor((level * 255) / most + 0.5);
      }
    }
  }
  return {width, height, data};
}

/** Position and largest value of the bits that a mask selects. */
interface Channel {
  shift: number;
  most: number;
}

/** The byte that a channel is, where it is one: the usual, and much faster to read. */
function byteOf({shift, most}: Channel): number | undefined {
  return most === 255 && shift % 8 === 0 ? shift / 8 : undefined;
}

function channelOf(mask: number): Channel {
  if (mask === 0) return {shift: 0, most: 0};
  const shift = 31 - Math.clz32(mask & -mask);
  return {shift, most: (mask >>> shift) & 0x7fffffff};
}
