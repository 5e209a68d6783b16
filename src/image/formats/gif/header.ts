import {ByteReader, corrupt} from '../bytes.ts';
import type {ImageHeader, SizeCheck} from '../types.ts';

export interface GifFrame {
  left: number;
  top: number;
  width: number;
  height: number;
  interlaced: boolean;
  palette: {offset: number; entries: number};
  /** The index that leaves a pixel as it is. */
  transparent: number | undefined;
  minimumBits: number;
  /** Where the first sub-block of pixels lies. */
  data: number;
}

export interface GifHeader extends ImageHeader {
  frame: GifFrame;
  animated: boolean;
}

/** Indices of colors beside the frame, before that is rotated. */
const COST = {bytes: 6, nanoseconds: 30};
const EXTENSION = 0x21;
const GRAPHIC_CONTROL = 0xf9;
const IMAGE = 0x2c;
const TRAILER = 0x3b;

/** Walks the blocks (GIF89a specification) up to the end of the first frame, and looks whether another one follows. */
export function readGifHeader(bytes: Uint8Array, check?: SizeCheck): GifHeader {
  const reader = new ByteReader(bytes, 'GIF', true);
  const width = reader.u16(6);
  const height = reader.u16(8);
  check?.(width, height, COST);
  const shared = paletteAt(reader, 10, 13);
  const {image, transparent} = skipExtensions(reader, 13 + shared.entries * 3);
  if (reader.u8(image) === TRAILER) throw corrupt('GIF', 'it has no picture');
  const own = paletteAt(reader, image + 9, image + 10);
  const start = image + 10 + own.entries * 3;
  const frame: GifFrame = {
    left: reader.u16(image + 1),
    top: reader.u16(image + 3),
    width: reader.u16(image + 5),
    height: reader.u16(image + 7),
    interlaced: (reader.u8(image + 9) & 0x40) !== 0,
    palette: own.entries > 0 ? own : shared,
    transparent,
    minimumBits: reader.u8(start),
    data: start + 1,
  };
  if (frame.width === 0 || frame.height === 0) throw corrupt('GIF', 'its first frame has no pixels');
  if (frame.left + frame.width > width || frame.top + frame.height > height)
    throw corrupt('GIF', 'its first frame is larger than the picture');
  if (frame.minimumBits < 1 || frame.minimumBits > 8) throw corrupt('GIF', `its pixels have ${frame.minimumBits} bits`);
  const end = skipSubBlocks(reader, frame.data);
  return {width, height, orientation: 1, frame, animated: hasAnotherFrame(reader, end)};
}

function paletteAt(reader: ByteReader, flagsAt: number, offset: number): {offset: number; entries: number} {
  const flags = reader.u8(flagsAt);
  const entries = flags & 0x80 ? 2 << (flags & 7) : 0;
  reader.need(offset, entries * 3);
  return {offset, entries};
}

/** Gives the offset of the next image or of the trailer, and the transparent index that was told on the way. */
function skipExtensions(reader: ByteReader, from: number): {image: number; transparent: number | undefined} {
  let offset = from;
  let transparent: number | undefined;
  for (;;) {
    const block = reader.u8(offset);
    if (block === IMAGE || block === TRAILER) return {image: offset, transparent};
    if (block !== EXTENSION) throw corrupt('GIF', `a block of unknown kind ${block}`);
    if (reader.u8(offset + 1) === GRAPHIC_CONTROL)
      transparent = reader.u8(offset + 3) & 1 ? reader.u8(offset + 6) : undefined;
    offset = skipSubBlocks(reader, offset + 2);
  }
}

function skipSubBlocks(reader: ByteReader, from: number): number {
  let offset = from;
  for (let size = reader.u8(offset); size !== 0; size = reader.u8(offset)) offset += size + 1;
  return offset + 1;
}

/** The first frame is complete: whatever is wrong behind it does not matter. */
function hasAnotherFrame(reader: ByteReader, offset: number): boolean {
  try {
    return reader.bytes[skipExtensions(reader, offset).image] === IMAGE;
  } catch {
    return false;
  }
}
