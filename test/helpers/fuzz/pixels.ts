import {deflateSync, inflateSync} from 'node:zlib';
import {detectFormat} from '../../../src/image/formats/formats.ts';
import {pngChunk} from '../images.ts';

/** Changes the pixels of a PNG under their compression, which would only tell that its bytes were changed; else undefined. */
export function changePngPixels(bytes: Buffer, change: (pixels: Buffer) => Buffer): Buffer | undefined {
  if (detectFormat(bytes)?.name !== 'png') return undefined;
  const before: Buffer[] = [bytes.subarray(0, 8)];
  const compressed: Buffer[] = [];
  const after: Buffer[] = [];
  for (let at = 8; at + 12 <= bytes.length; ) {
    const end = at + 12 + bytes.readUInt32BE(at);
    if (bytes.toString('latin1', at + 4, at + 8) === 'IDAT') compressed.push(bytes.subarray(at + 8, end - 4));
    else (compressed.length > 0 ? after : before).push(bytes.subarray(at, end));
    at = end;
  }
  try {
    const pixels = change(inflateSync(Buffer.concat(compressed), {maxOutputLength: 10_000_000}));
    return Buffer.concat([...before, pngChunk('IDAT', deflateSync(pixels, {level: 1})), ...after]);
  } catch {
    return undefined;
  }
}

/** Changes the coded pixels of an AVIF or HEIC alone, which is what reaches its decoder; else undefined. */
export function changeBoxedPixels(bytes: Buffer, change: (pixels: Buffer) => Buffer): Buffer | undefined {
  const start = bytes.indexOf('mdat') + 4;
  if (!['avif', 'heic'].includes(detectFormat(bytes)?.name ?? '') || start < 4 || start === bytes.length)
    return undefined;
  return Buffer.concat([bytes.subarray(0, start), change(bytes.subarray(start))]);
}
