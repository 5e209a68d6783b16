import {readBmpHeader} from './bmp/header.ts';
import type {SupportedFormat} from './format.ts';
import {readGifHeader} from './gif/header.ts';
import {readJpegHeader} from './jpeg/header.ts';
import {readPngHeader} from './png/header.ts';
import {readTiffHeader} from './tiff/header.ts';
import {readWebpHeader} from './webp/header.ts';

/** What the file says of itself before a single pixel is decoded. */
export interface ImageHeader {
  /** As stored, before any orientation is applied. */
  width: number;
  height: number;
  /** EXIF orientation, 1..8; 1 where nothing is said. */
  orientation: number;
}

/** Called with width and height as soon as they are known; may throw. */
export type SizeCheck = (width: number, height: number) => void;

const READERS: Record<SupportedFormat, (bytes: Uint8Array, check?: SizeCheck) => ImageHeader> = {
  jpeg: readJpegHeader,
  png: readPngHeader,
  webp: readWebpHeader,
  bmp: readBmpHeader,
  gif: readGifHeader,
  tiff: readTiffHeader,
};

/**
 * Reads width, height and orientation from an image's header. No decoder runs and nothing is allocated by what the file
 * claims.
 *
 * @param check sees the size before the rest of the file is looked at, so that too large is said rather than cut
 * @throws RiceError IMAGE_TRUNCATED, IMAGE_CORRUPT or IMAGE_UNSUPPORTED
 */
export function readHeader(bytes: Uint8Array, format: SupportedFormat, check?: SizeCheck): ImageHeader {
  const {width, height, orientation} = READERS[format](bytes, check);
  return {width, height, orientation};
}
