import {detectFormat} from '../../image/formats/formats.ts';

/** Thrown to stop reading a header once the size is known. */
const SIZE_KNOWN = new Error('the size is known');

/**
 * The number of pixels of a picture, as an estimate of its cost, from its header alone: a small file may be a large
 * picture. 0 for a file that cannot be read, which will be rejected.
 */
export function pixelsOf(picture: Uint8Array): number {
  const format = detectFormat(picture);
  let pixels = 0;
  try {
    format?.readHeader(picture, (width, height) => {
      pixels = width * height;
      throw SIZE_KNOWN;
    });
  } catch {
    // Decoding will report the error.
  }
  return pixels;
}
