import {crc32} from 'node:zlib';
import {detectFormat} from '../../../src/image/formats/formats.ts';

/** Makes a damaged file consistent again where checksums and lengths would keep it from ever reaching a decoder. */
export function fix(bytes: Buffer): Buffer {
  const format = detectFormat(bytes)?.name;
  if (format === 'png') return mendChecksums(bytes);
  if (format === 'webp') return mendLengths(bytes);
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
