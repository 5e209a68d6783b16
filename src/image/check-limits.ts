import {RiceError} from '../common/errors.ts';
import {costOf} from './cost.ts';
import {corrupt} from './formats/bytes.ts';
import type {ImageFormat, ImageHeader, PixelCost} from './formats/types.ts';
import {MAX_SIDE, maxDecodingBytes, maxPassedPixels} from './limits.ts';

/**
 * Checks what a header states against the limits, before anything is allocated.
 *
 * @returns bytes that decoding takes at most
 * @throws RiceError IMAGE_TOO_LARGE, or IMAGE_CORRUPT for a picture without pixels
 */
export function checkSize(
  width: number,
  height: number,
  pixel: PixelCost,
  {title}: ImageFormat,
  maxPixels: number,
): number {
  if (width === 0 || height === 0) throw corrupt(title, `it is ${width} x ${height} pixels`);
  const size = sizeOf(width, height);
  if (width * height > maxPixels) throw tooLarge(`${size}, over the limit of ${numberOf(maxPixels)}`);
  if (width > MAX_SIDE || height > MAX_SIDE)
    throw new RiceError('IMAGE_TOO_LARGE', `${size}; no side may be longer than ${numberOf(MAX_SIDE)}`, {
      suggestions: ['Crop or shrink it.'],
    });
  const {bytes} = costOf(width, height, pixel);
  const most = maxDecodingBytes(maxPixels);
  if (bytes > most)
    throw tooLarge(
      `${size}; decoding it takes ${megabytes(bytes)} MB, over the limit of ${megabytes(most)} MB for one picture`,
    );
  return bytes;
}

/** @throws RiceError IMAGE_TOO_LARGE for a picture of so many scans that a decoder would take seconds for nothing */
export function checkPasses({width, height, passes = 1}: ImageHeader, maxPixels: number): void {
  const most = maxPassedPixels(maxPixels);
  if (width * height * passes <= most) return;
  throw tooLarge(
    `${sizeOf(width, height)} in ${passes} scans; the limit is ${numberOf(most)} pixels in all scans together`,
  );
}

function tooLarge(message: string): RiceError {
  return new RiceError('IMAGE_TOO_LARGE', `${message} (--max-pixels)`);
}

function sizeOf(width: number, height: number): string {
  return `the picture is ${width} x ${height} pixels`;
}

function numberOf(value: number): string {
  return value.toLocaleString('en');
}

function megabytes(bytes: number): string {
  return numberOf(Math.round(bytes / 1e6));
}
