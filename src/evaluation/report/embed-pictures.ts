import {join} from 'node:path';
import {dataUri} from '../../common/report/data-uri.ts';
import {readPicture} from '../../dataset/read-file.ts';
import {type DecodeOptions, decodeImage} from '../../image/decode.ts';
import {detectFormat} from '../../image/formats/formats.ts';
import {encodeJpeg} from '../../image/formats/jpeg/encode.ts';
import {shrinkFrame} from '../../image/resize/shrink.ts';
import type {EmbeddedPicture} from './page-data.ts';

/** The largest number of pictures in a page, so that it has a few MB at most. */
export const MOST_PICTURES = 100;
/** Files up to this many bytes are embedded unchanged if browsers support their format. */
const SMALL_FILE = 64_000;
/** Longer side of a shrunk picture in pixels, and its JPEG quality. */
const SIDE = 500;
const QUALITY = 85;

/**
 * The first of the pictures as data URIs: small files unchanged if browsers support their format, others as shrunk
 * JPEGs. Undefined for a picture that no longer exists.
 *
 * @param root the root folder of the dataset
 */
export async function embedPictures(
  root: string,
  shown: readonly {path: string}[],
  options: DecodeOptions = {},
): Promise<(EmbeddedPicture | undefined)[]> {
  const pictures: (EmbeddedPicture | undefined)[] = [];
  // One at a time, because decoded pictures are large.
  for (const {path} of shown.slice(0, MOST_PICTURES)) pictures.push(await embed(join(root, path), options));
  return pictures;
}

async function embed(file: string, options: DecodeOptions): Promise<EmbeddedPicture | undefined> {
  try {
    const bytes = await readPicture(file);
    const {frame} = await decodeImage(bytes, options);
    const format = detectFormat(bytes);
    if (format?.embeddable && bytes.length <= SMALL_FILE)
      return {uri: dataUri(format.mediaType, bytes), width: frame.width, height: frame.height};
    const small = shrinkFrame(frame, SIDE);
    return {uri: dataUri('image/jpeg', await encodeJpeg(small, QUALITY)), width: small.width, height: small.height};
  } catch {
    return undefined;
  }
}
