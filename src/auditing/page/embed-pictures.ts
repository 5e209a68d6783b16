import {join} from 'node:path';
import {embedPicture} from '../../evaluation/report/embed-picture.ts';
import type {DecodeOptions} from '../../image/decode.ts';
import type {PagePicture} from './page-data.ts';

/** Small enough for hundreds in a page. */
const SIZE = {smallFile: 16_000, side: 320, quality: 82};

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
    const picture = await embedPicture(join(root, path), SIZE, decoding);
    if (picture) pictures.set(path, picture);
    onProgress(at + 1);
  }
  return pictures;
}
