import {setImmediate} from 'node:timers/promises';
import type {PictureSource} from '../picture.ts';

/** Counts the pictures of a source by iterating over it; undefined if the signal was aborted before the end. */
export async function countPictures(source: PictureSource, signal?: AbortSignal): Promise<number | undefined> {
  let count = 0;
  for await (const portion of source) {
    count += portion.length;
    // Folders are read synchronously, so yield to the event loop for signals.
    await setImmediate();
    if (signal?.aborted) return undefined;
  }
  return count;
}
