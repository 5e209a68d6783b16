import {join} from 'node:path';
import {dataUri} from '../../common/report/data-uri.ts';
import {readPicture} from '../../dataset/read-file.ts';
import {type DecodeOptions, decodeImage} from '../../image/decode.ts';
import {detectFormat} from '../../image/formats/formats.ts';
import {encodeJpeg} from '../../image/formats/jpeg/encode.ts';
import {shrinkFrame} from '../../image/resize/shrink.ts';
import type {PagePicture} from './page-data.ts';

/** Files up to this many bytes are embedded unchanged if browsers support their format. */
const SMALL_FILE = 16_000;
/** Longer side of a shrunk picture in pixels, and its JPEG quality. */
const SIDE = 320;
const QUALITY = 82;

export interface EmbedOptions extends DecodeOptions {
  onProgress: (done: number) => void;
  signal: AbortSignal;
}

/**
 * Pictures by their paths, small enough for hundreds in a page. One that cannot be read any more is missing.
 *
 * @param root of the dataset
 */
export async function embedPictures(
  root: string,
  paths: readonly string[],
  {onProgress, signal, ...decoding}: EmbedOptions,
): Promise<Map<string, PagePicture>> {
  const pictures = new Map<string, PagePicture>();
  // One at a time, because decoded pictures are large.
  for (const [at, path] of paths.entries()) {
    signal.throwIfAborted();
    const picture = await embed(join(root, path), decoding);
    if (picture) pictures.set(path, picture);
    onProgress(at + 1);
  }
  return pictures;
}

async function embed(file: string, options: DecodeOptions): Promise<PagePicture | undefined> {
  try {
    const bytes = await readPicture(file);
    const {frame} = await decodeImage(bytes, options);
    const format = detectFormat(bytes);
    if (format?.embeddable && bytes.length <= SMALL_FILE)
      return {uri: dataUri(format.mediaType, bytes), width: frame.width, height: frame.height};
    const {width, height, data} = shrinkFrame(frame, SIDE);
    return {uri: dataUri('image/jpeg', await encodeJpeg({width, height, data}, QUALITY)), width, height};
  } catch {
    return undefined;
  }
}
