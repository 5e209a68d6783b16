import {join} from 'node:path';
import type {DecodeOptions} from '../../image/decode.ts';
import {embedPicture} from './embed-picture.ts';
import type {EmbeddedPicture} from './page-data.ts';

/** The largest number of pictures in a page, so that it has a few MB at most. */
export const MOST_PICTURES = 100;
const SIZE = {smallFile: 64_000, side: 500, quality: 85};

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
  for (const {path} of shown.slice(0, MOST_PICTURES))
    pictures.push(await embedPicture(join(root, path), SIZE, options));
  return pictures;
}
