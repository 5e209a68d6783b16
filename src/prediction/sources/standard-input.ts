import {addAbortSignal, type Readable} from 'node:stream';
import {fromFileSystemError, RiceError} from '../../common/errors.ts';
import {MAX_FILE_BYTES} from '../../dataset/read-file.ts';

export interface StandardInputOptions {
  input?: Readable;
  /** The largest number of bytes. */
  limit?: number;
  signal?: AbortSignal | undefined;
}

/**
 * Reads all bytes of standard input.
 *
 * @throws RiceError IMAGE_TOO_LARGE above `limit` bytes, PATH_NOT_READABLE if it cannot be read
 */
export async function readStandardInput({
  input = process.stdin,
  limit = MAX_FILE_BYTES,
  signal,
}: StandardInputOptions = {}): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of signal ? addAbortSignal(signal, input) : input) {
      chunks.push(chunk as Buffer);
      bytes += (chunk as Buffer).length;
      if (bytes > limit)
        throw new RiceError('IMAGE_TOO_LARGE', `standard input has more than ${limit.toLocaleString('en')} bytes`, {
          suggestions: ['Pipe a smaller picture into it.'],
        });
    }
  } catch (error) {
    throw fromFileSystemError(error, 'standard input', 'read');
  }
  return Buffer.concat(chunks);
}
