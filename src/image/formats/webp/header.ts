import {ByteReader, corrupt, truncated} from '../bytes.ts';
import {exifOrientation} from '../exif.ts';
import {latin1} from '../signature.ts';
import type {ImageHeader, SizeCheck} from '../types.ts';

/** A chunk of a RIFF file: its name, where its payload lies, and bytes of that. */
export interface WebpChunk {
  name: string;
  offset: number;
  length: number;
}

/** The picture to decode, and where on the canvas it belongs. */
export interface WebpPicture {
  left: number;
  top: number;
  width: number;
  height: number;
  /** `VP8 ` (lossy) or `VP8L` (lossless). */
  pixels: WebpChunk;
  /** The alpha channel of a lossy picture. */
  alpha: WebpChunk | undefined;
}

export interface WebpHeader extends ImageHeader {
  picture: WebpPicture;
  /** More than one frame. */
  animated: boolean;
}

interface Size {
  width: number;
  height: number;
}

type Chunks = ReadonlyMap<string, WebpChunk>;
type Place = Omit<WebpPicture, 'pixels' | 'alpha'>;

/** RGBA twice in the decoder's memory and once outside, and the frame. */
const COST = {bytes: 16, nanoseconds: 50};
const ORIGIN = {left: 0, top: 0};
const WANTED: ReadonlySet<string> = new Set(['VP8 ', 'VP8L', 'ALPH', 'ANMF', 'EXIF']);
const FIRST_CHUNK = 12;
const ANIMATION = 0x02;
const EXIF = 0x08;
/** Far more than the frames of any animation. */
const MOST_CHUNKS = 100_000;
/** Bytes that a frame of an animation says of itself before its chunks. */
const FRAME_HEADER = 16;

/**
 * Reads the chunks of a WebP file (RFC 9649): lossy, lossless or extended. Every one must lie in the file, and the picture
 * must be as large as the file says: the decoder takes its memory by what the picture says of itself.
 */
export function readWebpHeader(bytes: Uint8Array, check?: SizeCheck): WebpHeader {
  const reader = new ByteReader(bytes, 'WebP', true);
  const name = reader.ascii(FIRST_CHUNK, 4);
  const extended = name === 'VP8X';
  const size = extended ? canvasSize(reader, FIRST_CHUNK + 12) : pictureSize(reader, name, FIRST_CHUNK + 8);
  check?.(size.width, size.height, COST);
  const end = 8 + reader.u32(4);
  if (end > bytes.length) throw truncated('WebP');
  if (!extended) {
    const pixels = chunkAt(reader, FIRST_CHUNK, end);
    return {...size, orientation: 1, picture: {...ORIGIN, ...size, pixels, alpha: undefined}, animated: false};
  }
  const flags = reader.u8(FIRST_CHUNK + 8);
  const {chunks, frames} = findChunks(reader, FIRST_CHUNK, end);
  const animation = (flags & ANIMATION) !== 0;
  const exif = flags & EXIF ? chunks.get('EXIF') : undefined;
  return {
    ...size,
    orientation: exif ? exifOrientation(exifBlock(bytes, exif)) : 1,
    picture: animation
      ? readFrame(reader, chunks.get('ANMF'), size)
      : readPicture(reader, chunks, {...ORIGIN, ...size}),
    animated: animation && frames > 1,
  };
}

function canvasSize(reader: ByteReader, offset: number): Size {
  return {width: 1 + u24(reader, offset), height: 1 + u24(reader, offset + 3)};
}

/** What the pixels' own first bytes say (RFC 6386, section 9.1; RFC 9649, section 3.4). */
function pictureSize(reader: ByteReader, name: string, offset: number): Size {
  if (name === 'VP8 ') {
    const keyFrame = (reader.u8(offset) & 1) === 0 && u24(reader, offset + 3) === 0x2a019d;
    if (!keyFrame) throw corrupt('WebP', 'its pixels do not start as they should');
    return {width: reader.u16(offset + 6) & 0x3fff, height: reader.u16(offset + 8) & 0x3fff};
  }
  if (name !== 'VP8L') throw corrupt('WebP', 'it does not start with a picture');
  const signature = reader.u8(offset);
  const packed = reader.u32(offset + 1);
  if (signature !== 0x2f || packed >>> 29 !== 0) throw corrupt('WebP', 'its pixels do not start as they should');
  return {width: 1 + (packed & 0x3fff), height: 1 + ((packed >>> 14) & 0x3fff)};
}

/** The first chunk of each kind that matters, and the number of frames. */
function findChunks(reader: ByteReader, start: number, end: number): {chunks: Chunks; frames: number} {
  const chunks = new Map<string, WebpChunk>();
  let frames = 0;
  let count = 0;
  for (let offset = start; offset + 8 <= end; ) {
    if (++count > MOST_CHUNKS) throw corrupt('WebP', `it has more than ${MOST_CHUNKS.toLocaleString('en')} chunks`);
    const chunk = chunkAt(reader, offset, end);
    if (WANTED.has(chunk.name) && !chunks.has(chunk.name)) chunks.set(chunk.name, chunk);
    if (chunk.name === 'ANMF') frames++;
    offset = chunk.offset + chunk.length + (chunk.length % 2);
  }
  return {chunks, frames};
}

function chunkAt(reader: ByteReader, offset: number, end: number): WebpChunk {
  const chunk = {name: reader.ascii(offset, 4), offset: offset + 8, length: reader.u32(offset + 4)};
  reader.need(chunk.offset, chunk.length);
  if (chunk.offset + chunk.length > end) throw corrupt('WebP', 'a chunk is longer than what it lies in');
  return chunk;
}

function readPicture(reader: ByteReader, chunks: Chunks, place: Place): WebpPicture {
  const [lossy, lossless] = [chunks.get('VP8 '), chunks.get('VP8L')];
  const pixels = lossy && lossless ? (lossy.offset < lossless.offset ? lossy : lossless) : (lossy ?? lossless);
  if (!pixels) throw corrupt('WebP', 'it has no picture');
  const size = pictureSize(reader, pixels.name, pixels.offset);
  if (size.width !== place.width || size.height !== place.height)
    throw corrupt('WebP', 'its pixels are not of the size that it states');
  const alpha = chunks.get('ALPH');
  const belongs = alpha && pixels === lossy && alpha.offset < pixels.offset;
  return {...place, pixels, alpha: belongs ? alpha : undefined};
}

function readFrame(reader: ByteReader, frame: WebpChunk | undefined, canvas: Size): WebpPicture {
  if (!frame) throw corrupt('WebP', 'it has no picture');
  const {offset, length} = frame;
  if (length < FRAME_HEADER) throw corrupt('WebP', 'its first frame has no header');
  const place = {left: 2 * u24(reader, offset), top: 2 * u24(reader, offset + 3), ...canvasSize(reader, offset + 6)};
  if (place.left + place.width > canvas.width || place.top + place.height > canvas.height)
    throw corrupt('WebP', 'its first frame is larger than the picture');
  return readPicture(reader, findChunks(reader, offset + FRAME_HEADER, offset + length).chunks, place);
}

/** Some writers put the prefix of a JPEG's segment in front of the data. */
function exifBlock(bytes: Uint8Array, {offset, length}: WebpChunk): Uint8Array {
  const data = bytes.subarray(offset, offset + length);
  return latin1(data, 0, 6) === 'Exif\0\0' ? data.subarray(6) : data;
}

function u24(reader: ByteReader, offset: number): number {
  return reader.u16(offset) | (reader.u8(offset + 2) << 16);
}
