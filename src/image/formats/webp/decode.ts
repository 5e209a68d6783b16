import type {Frame} from '../../frame.ts';
import {corrupt} from '../bytes.ts';
import {overBlack} from '../rgba.ts';
import type {Decoded} from '../types.ts';
import type {WebpChunk, WebpHeader, WebpPicture} from './header.ts';
import {type Libwebp, loadLibwebp} from './libwebp.ts';

/** The flag of a header chunk that announces an alpha channel. */
const ALPHA = 0x10;

/** A decoder that has held more pixels is dropped with its memory, which never shrinks. */
const KEPT_PIXELS = 2_000_000;

let decoder: Promise<Libwebp> | undefined;

/**
 * Decodes a WebP with libwebp, compiled to WebAssembly; of an animation the first frame. What that leaves transparent or
 * does not cover is black, whatever color the file proposes for it.
 */
export async function decodeWebp(bytes: Buffer, header: WebpHeader): Promise<Decoded> {
  const {width, height, picture, animated} = header;
  decoder ??= loadLibwebp().then((make) => make());
  const libwebp = await decoder;
  if (picture.width * picture.height > KEPT_PIXELS) decoder = undefined;
  const frame = placeOnCanvas(decodePicture(libwebp, bytes, picture), picture, width, height);
  return {frame, notes: animated ? ['animated WebP: the first frame was used'] : []};
}

function decodePicture(libwebp: Libwebp, bytes: Buffer, picture: WebpPicture): Frame {
  const image = libwebp.decode(plainFile(bytes, picture));
  if (image === null || typeof image === 'string')
    throw corrupt('WebP', 'its pixels cannot be decoded', new Error(image ?? 'no reason given'));
  if (image.width !== picture.width || image.height !== picture.height)
    throw corrupt('WebP', 'its pixel data does not have the size stated in its header');
  return overBlack(image);
}

/** A file with nothing but the picture: the decoder reads no animations, and meets no other chunks of strangers. */
function plainFile(bytes: Buffer, {pixels, alpha, width, height}: WebpPicture): Uint8Array {
  const chunks = [copyChunk(bytes, pixels)];
  if (alpha) {
    const header = Buffer.alloc(10);
    header[0] = ALPHA;
    header.writeUIntLE(width - 1, 4, 3);
    header.writeUIntLE(height - 1, 7, 3);
    chunks.unshift(makeChunk('VP8X', header), copyChunk(bytes, alpha));
  }
  return makeChunk('RIFF', Buffer.concat([Buffer.from('WEBP'), ...chunks]));
}

function copyChunk(bytes: Buffer, {name, offset, length}: WebpChunk): Buffer {
  return makeChunk(name, bytes.subarray(offset, offset + length));
}

/** Name, length, payload, and a byte more where that makes the whole even. */
function makeChunk(name: string, payload: Uint8Array): Buffer {
  const chunk = Buffer.alloc(8 + payload.length + (payload.length % 2));
  chunk.write(name, 'latin1');
  chunk.writeUInt32LE(payload.length, 4);
  chunk.set(payload, 8);
  return chunk;
}

function placeOnCanvas(frame: Frame, {left, top}: WebpPicture, width: number, height: number): Frame {
  if (frame.width === width && frame.height === height) return frame;
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < frame.height; y++) {
    const row = frame.data.subarray(y * frame.width * 3, (y + 1) * frame.width * 3);
    data.set(row, ((top + y) * width + left) * 3);
  }
  return {width, height, data};
}
