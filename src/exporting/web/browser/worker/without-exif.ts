import {latin1} from '../../../../image/formats/signature.ts';

const FIRST_CHUNK = 12;

/**
 * A WebP whose chunk of EXIF has a name that nobody knows (https://developers.google.com/speed/webp/docs/riff_container). Some
 * browsers turn the picture as EXIF says, others do not; so none does.
 */
export function withoutExif(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const copy = bytes.slice();
  const view = new DataView(copy.buffer);
  for (let at = FIRST_CHUNK; at + 8 <= copy.length; ) {
    if (latin1(copy, at, at + 4) === 'EXIF') copy.fill(0x2d, at, at + 4);
    const length = view.getUint32(at + 4, true);
    at += 8 + length + (length % 2);
  }
  return copy;
}
