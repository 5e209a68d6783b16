import {estimateCost} from '../image/cost.ts';
import {detectFormat} from '../image/formats/formats.ts';

/** Peak memory of a scan by the pixel, the decoded picture included. */
export const SCAN_BYTES_PER_PIXEL = 14;

/** Thrown to stop reading a header once the size is known. */
const SIZE_KNOWN = new Error('the size is known');

/**
 * Bytes that scanning an encoded picture takes at most, by its header alone; 0 for what cannot be read, which will be
 * rejected.
 */
export function estimateScan(picture: Uint8Array): number {
  let pixels = 0;
  try {
    detectFormat(picture)?.readHeader(picture, (width, height) => {
      pixels = width * height;
      throw SIZE_KNOWN;
    });
  } catch {
    // Decoding will report the error.
  }
  return Math.max(pixels * SCAN_BYTES_PER_PIXEL, estimateCost(picture).bytes);
}
