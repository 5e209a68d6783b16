import {detectFormat} from '../../image/formats/formats.ts';

/** Ends the reading of a header where the size is known. */
const ENOUGH = new Error('the size is known');

/**
 * What a picture will cost, in pixels: by its header, without anything being decoded or the rest being looked at. A small
 * file may be a large picture. What cannot be read costs nothing: it will be refused.
 */
export function pixelsOf(picture: Uint8Array): number {
  const format = detectFormat(picture);
  let pixels = 0;
  try {
    format?.readHeader(picture, (width, height) => {
      pixels = width * height;
      throw ENOUGH;
    });
  } catch {
    // Whoever decodes it tells what is wrong with it.
  }
  return pixels;
}
