import type {PictureSource} from '../picture.ts';

/** How many pictures a source has, by going through all of it. */
export async function countPictures(source: PictureSource): Promise<number> {
  let count = 0;
  for await (const portion of source) count += portion.length;
  return count;
}
