import {crc32, deflateSync} from 'node:zlib';
import type {Frame} from '../../src/image/frame.ts';
import {exifBlock} from './exif.ts';

export interface PngOptions {
  bitDepth?: 1 | 2 | 4 | 8 | 16;
  /** 0 grey (of the green channel), 2 RGB, 3 palette (of the grey levels), 4 grey and alpha, 6 RGB and alpha. */
  colorType?: 0 | 2 | 3 | 4 | 6;
  /** One byte a pixel. */
  alpha?: Uint8Array;
  interlaced?: boolean;
  /** EXIF orientation in an eXIf chunk. */
  orientation?: number;
  /** Chunks put before the pixels. */
  chunks?: Buffer[];
}

/** Encodes a PNG of any pixel format. Levels are scaled to the bit depth. */
export function encodePng(frame: Frame, options: PngOptions = {}): Buffer {
  const {bitDepth = 8, colorType = 2, interlaced = false, orientation, chunks = []} = options;
  const header = pngHeader(frame.width, frame.height, {bitDepth, colorType, interlaced});
  const extra = [...chunks];
  if (colorType === 3) extra.push(pngChunk('PLTE', greyPalette(bitDepth)));
  if (orientation !== undefined) extra.push(pngChunk('eXIf', exifBlock(orientation, 'II')));
  const passes = interlaced ? ADAM7 : [[0, 0, 1, 1]];
  const rows = passes.map(([x, y, stepX, stepY]) =>
    packRows(frame, {...options, bitDepth, colorType}, x, y, stepX, stepY),
  );
  return Buffer.concat([
    header,
    ...extra,
    pngChunk('IDAT', deflateSync(Buffer.concat(rows))),
    pngChunk('IEND', Buffer.alloc(0)),
  ]);
}

const ADAM7 = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
];

/** Signature and header alone: what a decompression bomb announces. */
export function pngHeader(
  width: number,
  height: number,
  {bitDepth = 8, colorType = 2, interlaced = false}: PngOptions = {},
): Buffer {
  const ihdr = Buffer.alloc(13);
  ihdr.writeUInt32BE(width, 0);
  ihdr.writeUInt32BE(height, 4);
  ihdr.set([bitDepth, colorType, 0, 0, interlaced ? 1 : 0], 8);
  return Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), pngChunk('IHDR', ihdr)]);
}

export function pngChunk(type: string, payload: Buffer): Buffer {
  const out = Buffer.alloc(payload.length + 12);
  out.writeUInt32BE(payload.length, 0);
  out.write(type, 4, 'latin1');
  payload.copy(out, 8);
  out.writeUInt32BE(crc32(out.subarray(4, 8 + payload.length)), 8 + payload.length);
  return out;
}

function greyPalette(bitDepth: number): Buffer {
  const entries = 1 << bitDepth;
  return Buffer.from(
    Array.from({length: entries * 3}, (_, i) => Math.round((Math.floor(i / 3) * 255) / (entries - 1))),
  );
}

/** Filter byte 0 and samples, most significant bit first, for the pixels of one pass. */
function packRows(frame: Frame, options: PngOptions, left: number, top: number, stepX: number, stepY: number): Buffer {
  const {bitDepth = 8, colorType = 2, alpha} = options;
  const {width, height, data} = frame;
  const rows: number[] = [];
  if (left >= width) return Buffer.alloc(0);
  for (let y = top; y < height; y += stepY) {
    rows.push(0);
    let bits = 0;
    let filled = 0;
    const put = (level: number) => {
      const sample = Math.round((level * (2 ** bitDepth - 1)) / 255);
      if (bitDepth >= 8) {
        if (bitDepth === 16) rows.push(sample >> 8);
        rows.push(sample & 255);
        return;
      }
      bits = (bits << bitDepth) | sample;
      filled += bitDepth;
      if (filled === 8) {
        rows.push(bits);
        bits = filled = 0;
      }
    };
    for (let x = left; x < width; x += stepX) {
      const i = (y * width + x) * 3;
      if (colorType === 2 || colorType === 6) for (let c = 0; c < 3; c++) put(data[i + c]);
      else put(data[i + 1]);
      if (colorType >= 4) put(alpha?.[y * width + x] ?? 255);
    }
    if (filled > 0) rows.push(bits << (8 - filled));
  }
  return Buffer.from(rows);
}
