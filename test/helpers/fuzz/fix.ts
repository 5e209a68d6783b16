import {crc32} from 'node:zlib';
import {detectFormat} from '../../../src/image/formats/formats.ts';

/** Makes a damaged file consistent again where checksums and lengths would keep it from ever reaching a decoder. */
export function fix(bytes: Buffer): Buffer {
  const format = detectFormat(bytes)?.name;
  if (format === 'png') return mendChecksums(bytes);
  if (format === 'webp') return mendLengths(bytes);
  if (format === 'avif' || format === 'heic') return mendPlaces(bytes);
  if (format === 'jpeg') return Buffer.concat([bytes, Buffer.of(0xff, 0xd9)]);
  if (format === 'gif') return Buffer.concat([bytes, Buffer.of(0, 0x3b)]);
  return bytes;
}

function mendChecksums(bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes);
  for (let at = 8; at + 12 <= copy.length; ) {
    const length = Math.min(copy.readUInt32BE(at), copy.length - at - 12);
    copy.writeUInt32BE(length, at);
    copy.writeUInt32BE(crc32(copy.subarray(at + 4, at + 8 + length)), at + 8 + length);
    at += length + 12;
  }
  const end = Buffer.from('\0\0\0\0IEND\xae\x42\x60\x82', 'latin1');
  return copy.subarray(-12).equals(end) ? copy : Buffer.concat([copy, end]);
}

function mendLengths(bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes.length % 2 ? Buffer.concat([bytes, Buffer.of(0)]) : bytes);
  copy.writeUInt32LE(copy.length - 8, 4);
  for (let at = 12; at + 8 <= copy.length; ) {
    const length = Math.min(copy.readUInt32LE(at + 4), copy.length - at - 8);
    copy.writeUInt32LE(length, at + 4);
    at += 8 + length + (length % 2);
  }
  return copy;
}

/** The place of the pixels, where there is one, after what is before them grew or shrank. */
function mendPlaces(bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes);
  const [pixels, places] = [copy.indexOf('mdat'), copy.indexOf('iloc')];
  if (pixels < 4 || places < 4 || copy.length < places + 26) return copy;
  copy.writeUInt32BE(copy.length - pixels + 4, pixels - 4);
  const [version, count] = [copy[places + 4], copy.readUInt16BE(places + 10)];
  const at = places + (version === 0 ? 18 : 20);
  if (count === 1 && version < 2 && at + 8 <= copy.length) {
    copy.writeUInt32BE(pixels + 4, at);
    copy.writeUInt32BE(copy.length - pixels - 4, at + 4);
  }
  return copy;
}
