import {setImmediate} from 'node:timers/promises';
import type {PictureSource} from '../picture.ts';

/** How many pictures a source has, by going through all of it; undefined where the signal came before its end. */
export async function countPictures(source: PictureSource, signal?: AbortSignal): Promise<number | undefined> {
  let count = 0;
  for await (const portion of source) {
    count += portion.length;
    // Folders are read without a pause in which a signal could be noticed.
    await setImmediate();
    if (signal?.aborted) return undefined;
  }
  return count;
}
