import {corrupt, truncated} from '../bytes.ts';
import {decodeLzw} from '../lzw.ts';
import type {Decoded} from '../types.ts';
import type {GifFrame, GifHeader} from './header.ts';

/** First row and distance of the rows of the four passes of an interlaced frame (GIF89a specification, appendix E). */
const PASSES = [
  [0, 8],
  [4, 8],
  [2, 4],
  [1, 2],
];

/**
 * Decodes the first frame of a GIF; what it leaves transparent or does not cover is black. Not by jimp, whose decoder
 * never ends on some damaged files and prints to standard output on others.
 */
export function decodeGif(bytes: Buffer, header: GifHeader): Decoded {
  const {width, height, frame, animated} = header;
  const indices = new Uint8Array(frame.width * frame.height);
  const count = decodeLzw(joinSubBlocks(bytes, frame.data), frame.minimumBits, indices);
  if (count === undefined) throw corrupt('GIF', 'a code of its pixels is not valid');
  if (count < indices.length) throw truncated('GIF');
  const data = new Uint8Array(width * height * 3);
  const rows = rowOrder(frame);
  for (let row = 0; row < frame.height; row++) {
    let target = ((frame.top + rows[row]) * width + frame.left) * 3;
    for (let x = 0; x < frame.width; x++, target += 3) {
      const index = indices[row * frame.width + x];
      if (index === frame.transparent) continue;
      if (index >= frame.palette.entries) throw corrupt('GIF', `color ${index} is not in its palette`);
      const entry = frame.palette.offset + index * 3;
      data[target] = bytes[entry];
      data[target + 1] = bytes[entry + 1];
      data[target + 2] = bytes[entry + 2];
    }
  }
  const notes = animated ? ['animated GIF: the first frame was used'] : [];
  return {frame: {width, height, data}, notes};
}

/** Copies rather than collects: a file may have millions of blocks of one byte. */
function joinSubBlocks(bytes: Buffer, start: number): Buffer {
  const joined = Buffer.alloc(bytes.length - start);
  let length = 0;
  for (let at = start; bytes[at] !== 0; at += bytes[at] + 1)
    length += bytes.copy(joined, length, at + 1, at + 1 + bytes[at]);
  return joined.subarray(0, length);
}

/** Where the rows belong, in the order in which they are stored. */
function rowOrder({height, interlaced}: GifFrame): number[] {
  const rows: number[] = [];
  for (const [first, step] of interlaced ? PASSES : [[0, 1]])
    for (let row = first; row < height; row += step) rows.push(row);
  return rows;
}
