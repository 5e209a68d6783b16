import {detectFormat} from './formats/formats.ts';
import type {PixelCost} from './formats/types.ts';

/** What it takes to decode a picture, at most. */
export interface DecodingCost {
  /** Peak memory, the decoded frame included. */
  bytes: number;
  /** Of one core, roughly. */
  seconds: number;
}

const NONE: DecodingCost = {bytes: 0, seconds: 0};
/** For a format that does not tell its own. */
export const USUAL_COST: PixelCost = {bytes: 12, nanoseconds: 60};

/** Thrown to stop reading a header once the size is known. */
const SIZE_KNOWN = new Error('the size is known');

export function costOf(width: number, height: number, {bytes, nanoseconds}: PixelCost): DecodingCost {
  const pixels = width * height;
  return {bytes: pixels * bytes, seconds: (pixels * nanoseconds) / 1e9};
}

/**
 * Estimates the cost of decoding a picture from the start of its header alone: a small file may be a large picture, and a
 * pixel of one format may cost ten times that of another. Zero for a file that cannot be read, which will be rejected.
 */
export function estimateCost(picture: Uint8Array): DecodingCost {
  const format = detectFormat(picture);
  let cost = NONE;
  try {
    format?.readHeader(picture, (width, height, pixel = USUAL_COST) => {
      cost = costOf(width, height, pixel);
      throw SIZE_KNOWN;
    });
  } catch {
    // Decoding will report the error.
  }
  return cost;
}
