/** Pictures with more pixels are rejected unless the caller sets another limit: those of phones have 48 or 50 megapixels. */
export const DEFAULT_MAX_PIXELS = 52_000_000;

/** No side may be longer, whatever the number of pixels: the longest side of a JPEG. */
export const MAX_SIDE = 65_535;

/** A photograph takes 6 to 9 bytes per pixel: the frame, and the frame while it is rotated, or the coefficients of its scans. */
const MAX_BYTES_PER_PIXEL = 12;
/** Small limits of pixels, as in tests, are not meant to limit the memory. */
const LEAST_BYTES = 64 * 2 ** 20;

/** Memory in bytes that decoding one picture may take: formats that take more per pixel have a lower limit of pixels. */
export function maxDecodingBytes(maxPixels = DEFAULT_MAX_PIXELS): number {
  return Math.max(LEAST_BYTES, maxPixels * MAX_BYTES_PER_PIXEL);
}

/** How often a decoder may go over the largest picture. Encoders write some ten scans; each takes a few bytes, and time per pixel. */
const MAX_PASSES = 20;
const LEAST_PASSED_PIXELS = 500_000_000;

/** Pixels that a decoder may go over in all passes together. */
export function maxPassedPixels(maxPixels = DEFAULT_MAX_PIXELS): number {
  return Math.max(LEAST_PASSED_PIXELS, maxPixels * MAX_PASSES);
}
