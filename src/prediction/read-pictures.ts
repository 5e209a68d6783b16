import {fromFileSystemError, RiceError} from '../common/errors.ts';
import {readPicture} from '../dataset/read-file.ts';
import type {Answer} from './answer-batch.ts';

/** The content of a picture for a thread: a file to read, or bytes. */
export interface Content {
  path: string;
  bytes?: Uint8Array;
  failure?: RiceError;
}

/**
 * Reads and classifies contents. One that cannot be read becomes an error in its place.
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
    const failure = fromFileSystemError(error, path, 'read');
    return failure.code === 'PATH_NOT_FOUND' && path.includes('\uFFFD') ? notUtf8(path, failure) : failure;
  }
}

/** A name in another encoding was read with replacement characters, so no file has that name. */
function notUtf8(path: string, cause: RiceError): RiceError {
  return new RiceError('PATH_NOT_READABLE', `cannot read ${path}: its name is not UTF-8`, {
    suggestions: ['Rename the file, or convert all names: convmv -r -f latin1 -t utf8 --notest FOLDER.'],
    cause,
  });
}
