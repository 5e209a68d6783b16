import {createInflate, inflateSync} from 'node:zlib';
import {corrupt, truncated} from '../bytes.ts';
import type {Decoded} from '../types.ts';
import type {PngChunk, PngHeader} from './header.ts';
import {rowPainter} from './paint.ts';
import {PngRows} from './rows.ts';

/** Pictures with more bytes of pixels are decompressed a portion at a time: whole, they would take more than the frame. */
const MOST_AT_ONCE = 2 ** 22;
const PORTION = 2 ** 18;
/** A byte more than there should be is none to refuse a picture for. */
const SPARE = 1;

/**
 * Decodes a PNG row by row: beside the frame, a large picture takes a few rows and portions. Not by jimp, whose decoder takes
 * 35 bytes a pixel of 16 bits. Every pixel is written: the rows that the header tells of must all be there.
 */
export function decodePng(bytes: Buffer, header: PngHeader): Decoded | Promise<Decoded> {
  const {width, height} = header;
  const data = new Uint8Array(width * height * 3);
  const paint = rowPainter(header, bytes);
  const rows = new PngRows(header, (row, {x, y, stepX, stepY, width: columns}, index) => {
    paint(row, columns, data, ((y + index * stepY) * width + x) * 3, stepX * 3);
  });
  const notes = header.animated ? ['animated PNG: the first frame was used'] : [];
  const done = () => {
    if (!rows.complete) throw truncated('PNG');
    return {frame: {width, height, data}, notes};
  };
  const stored = header.data.map(({offset, length}: PngChunk) => bytes.subarray(offset, offset + length));
  if (rows.expected > MOST_AT_ONCE) return inflateInPortions(stored, rows).then(done);
  const pixels = inflateAtOnce(stored, rows.expected);
  // Said before the rows are looked at: one that is cut short may look damaged.
  if (pixels.length < rows.expected) throw truncated('PNG');
  rows.write(pixels);
  return done();
}

function inflateAtOnce(stored: Buffer[], expected: number): Buffer {
  try {
    return inflateSync(stored.length === 1 ? stored[0] : Buffer.concat(stored), {maxOutputLength: expected + SPARE});
  } catch (error) {
    throw asRiceError(error);
  }
}

async function inflateInPortions(stored: Buffer[], rows: PngRows): Promise<void> {
  const inflate = createInflate({chunkSize: PORTION});
  for (const part of stored) inflate.write(part);
  inflate.end();
  let count = 0;
  try {
    for await (const portion of inflate) {
      count += (portion as Buffer).length;
      if (count > rows.expected + SPARE) throw tooMany();
      rows.write(portion as Buffer);
    }
  } catch (error) {
    throw asRiceError(error);
  }
}

function asRiceError(error: unknown): unknown {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'Z_BUF_ERROR') return truncated('PNG', error);
  if (code === 'ERR_BUFFER_TOO_LARGE') return tooMany(error);
  return code?.startsWith('Z_') ? corrupt('PNG', 'its pixels', error) : error;
}

function tooMany(cause?: unknown) {
  return corrupt('PNG', 'it holds more pixels than it states', cause);
}
