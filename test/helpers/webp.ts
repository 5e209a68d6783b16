import {exifBlock} from './exif.ts';

/** A chunk of a RIFF file. The length is that of the payload unless a wrong one is asked for. */
export function riffChunk(name: string, payload: Uint8Array, length = payload.length): Buffer {
  const chunk = Buffer.alloc(8 + payload.length + (payload.length % 2));
  chunk.write(name, 'latin1');
  chunk.writeUInt32LE(length >>> 0, 4);
  chunk.set(payload, 8);
  return chunk;
}

/** A WebP file of the chunks given. */
export function webpFile(...chunks: Buffer[]): Buffer {
  return riffChunk('RIFF', Buffer.concat([Buffer.from('WEBP'), ...chunks]));
}

/** The chunks of a WebP file. */
export function webpChunks(webp: Buffer, start = 12, end = webp.length): Array<{name: string; payload: Buffer}> {
  const chunks: Array<{name: string; payload: Buffer}> = [];
  for (let at = start; at + 8 <= end; ) {
    const length = webp.readUInt32LE(at + 4);
    chunks.push({name: webp.toString('latin1', at, at + 4), payload: webp.subarray(at + 8, at + 8 + length)});
    at += 8 + length + (length % 2);
  }
  return chunks;
}

/** The header chunk of an extended file. Flags: 2 animation, 8 EXIF, 16 alpha. */
export function extendedHeader(width: number, height: number, flags: number): Buffer {
  const payload = Buffer.alloc(10);
  payload[0] = flags;
  payload.writeUIntLE(width - 1, 4, 3);
  payload.writeUIntLE(height - 1, 7, 3);
  return riffChunk('VP8X', payload);
}

/** Alpha and pixels of a picture without what surrounds them. */
export function pictureChunks(webp: Buffer): Buffer {
  const wanted = webpChunks(webp).filter(({name}) => ['ALPH', 'VP8 ', 'VP8L'].includes(name));
  return Buffer.concat(wanted.map(({name, payload}) => riffChunk(name, payload)));
}

/** One frame of an animation; left and top are even. */
export function animationFrame(webp: Buffer, width: number, height: number, left = 0, top = 0): Buffer {
  const header = Buffer.alloc(16);
  header.writeUIntLE(left / 2, 0, 3);
  header.writeUIntLE(top / 2, 3, 3);
  header.writeUIntLE(width - 1, 6, 3);
  header.writeUIntLE(height - 1, 9, 3);
  return riffChunk('ANMF', Buffer.concat([header, pictureChunks(webp)]));
}

/** An animation of the frames given. */
export function animatedWebp(width: number, height: number, ...frames: Buffer[]): Buffer {
  return webpFile(extendedHeader(width, height, 2 | 16), riffChunk('ANIM', Buffer.alloc(6, 255)), ...frames);
}

/** Puts a still picture into an extended file with an EXIF chunk. */
export function withWebpExif(
  webp: Buffer,
  {width, height}: {width: number; height: number},
  orientation: number,
  prefix = '',
): Buffer {
  const exif = riffChunk('EXIF', Buffer.concat([Buffer.from(prefix, 'latin1'), exifBlock(orientation, 'MM')]));
  return webpFile(extendedHeader(width, height, 8 | 16), pictureChunks(webp), exif);
}

/** A lossless WebP whose channels all have one level (RFC 9649, section 3): its pixels take no bits. */
export function flatWebp(level: number, width = 400, height = 400): Buffer {
  const bits: number[] = [];
  const put = (value: number, count: number) => {
    for (let i = 0; i < count; i++) bits.push((value >> i) & 1);
  };
  put(0x2f, 8);
  put(width - 1, 14);
  put(height - 1, 14);
  // Alpha, version; then no transform, no color cache, one group of codes.
  put(0, 4);
  put(0, 3);
  // Green, red, blue, alpha, distance: a code of a single symbol each, of 8 bits.
  for (const symbol of [level, level, level, 255, 0]) put(0b101 | (symbol << 3), 11);
  const bytes = Buffer.alloc(Math.ceil(bits.length / 8));
  bits.forEach((bit, i) => {
    bytes[i >> 3] |= bit << (i & 7);
  });
  return webpFile(riffChunk('VP8L', bytes));
}
