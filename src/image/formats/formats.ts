import {avif} from './avif/format.ts';
import {bmp} from './bmp/format.ts';
import {gif} from './gif/format.ts';
import {heic} from './heic/format.ts';
import {jpeg} from './jpeg/format.ts';
import {png} from './png/format.ts';
import {tiff} from './tiff/format.ts';
import type {ImageFormat} from './types.ts';
import {webp} from './webp/format.ts';

/** The formats that are read. All that rice says of formats anywhere follows from these rows. */
export const FORMATS: readonly ImageFormat[] = [jpeg, png, webp, bmp, gif, tiff, avif, heic];

/** Their titles, for messages: `JPEG, PNG and WebP`. */
export const SUPPORTED_FORMATS = FORMATS.map(({title}) => title)
  .join(', ')
  .replace(/, ([^,]*)$/, ' and $1');

const EXTENSIONS: ReadonlySet<string> = new Set(FORMATS.flatMap(({extensions}) => extensions));

/** Tells the format of an encoded image from its first bytes alone, never from a name; undefined where it is not read. */
export function detectFormat(bytes: Uint8Array): ImageFormat | undefined {
  return FORMATS.find((format) => format.detect(bytes));
}

/** @param extension of a file's name, with its dot, in any case */
export function isImageExtension(extension: string): boolean {
  return EXTENSIONS.has(extension.toLowerCase());
}
