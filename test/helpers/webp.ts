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
