import {ByteReader, corrupt, truncated} from './bytes.ts';
import {exifOrientation} from './exif.ts';
import type {ImageHeader, SizeCheck} from './header.ts';

export interface PngHeader extends ImageHeader {
  bitDepth: number;
  /** 0 grey, 2 RGB, 3 palette, 4 grey and alpha, 6 RGB and alpha. */
  colourType: number;
  interlaced: boolean;
  animated: boolean;
  /** Where the compressed pixels lie. */
  data: Array<{offset: number; length: number}>;
}

/** Bit depths that a colour type may have (PNG specification, table 11.1). */
const BIT_DEPTHS: Readonly<Record<number, readonly number[]>> = {
  0: [1, 2, 4, 8, 16],
  2: [8, 16],
  3: [1, 2, 4, 8],
  4: [8, 16],
  6: [8, 16],
};

/** Encoders write one for some 8 kB or more; every one costs memory here and in the decoder. */
const MOST_CHUNKS = 100_000;

/** Walks the chunks to the end of the image; a file without one was cut. */
export function readPngHeader(bytes: Uint8Array, check?: SizeCheck): PngHeader {
  const reader = new ByteReader(bytes, 'png', false);
  if (reader.u32(8) !== 13 || reader.ascii(12, 4) !== 'IHDR') throw corrupt('png', 'it does not start with its header');
  reader.need(16, 17);
  const header: PngHeader = {
    width: reader.u32(16),
    height: reader.u32(20),
    bitDepth: bytes[24],
    colourType: bytes[25],
    interlaced: bytes[28] === 1,
    animated: false,
    orientation: 1,
    data: [],
  };
  if (!BIT_DEPTHS[header.colourType]?.includes(header.bitDepth))
    throw corrupt('png', 'its pixel format does not exist');
  check?.(header.width, header.height);
  let chunks = 0;
  for (let offset = 33; ; ) {
    if (++chunks > MOST_CHUNKS) throw corrupt('png', `it has more than ${MOST_CHUNKS.toLocaleString('en')} chunks`);
    const length = reader.u32(offset);
    const type = reader.ascii(offset + 4, 4);
    if (type === 'IEND') break;
    if (!/^[A-Za-z]{4}$/.test(type)) throw corrupt('png', 'a chunk has no name');
    reader.need(offset + 8, length + 4);
    if (type === 'IDAT') header.data.push({offset: offset + 8, length});
    else if (type === 'acTL') header.animated = true;
    else if (type === 'eXIf') header.orientation = exifOrientation(bytes.subarray(offset + 8, offset + 8 + length));
    offset += length + 12;
  }
  if (header.data.length === 0) throw truncated('png');
  return header;
}
