import {readPicture} from '../dataset/read-file.ts';
import {fromFileSystemError, RiceError} from '../errors.ts';
import type {Answer} from './answer-batch.ts';

/** What a thread is asked to classify: a file to read, or bytes that are at hand. */
export interface Content {
  path: string;
  bytes?: Uint8Array;
  failure?: RiceError;
}

/**
 * Reads what is to be read and has all of it classified; what cannot be read is an error in its place.
 *
 * @param file where the file of a path lies, if not at the path itself
 */
export async function classifyContents(
  contents: readonly Content[],
  classify: (images: Uint8Array[]) => Promise<Answer[]>,
): Promise<Answer[]> {
  const answers: (Answer | undefined)[] = [];
  const images: Uint8Array[] = [];
  for (const content of contents) {
    const bytes = await contentOf(content);
    answers.push(bytes instanceof RiceError ? bytes : undefined);
    if (!(bytes instanceof RiceError)) images.push(bytes);
  }
  const classified = images.length > 0 ? await classify(images) : [];
  let next = 0;
  return answers.map((answer) => answer ?? classified[next++]);
}

async function contentOf({path, bytes, failure}: Content): Promise<Uint8Array | RiceError> {
  if (failure) return failure;
  if (bytes) return bytes;
  try {
    return await readPicture(path);
  } catch (error) {
    return fromFileSystemError(error, path, 'read');
  }
}
