import {MAX_FILE_BYTES} from '../../dataset/read-file.ts';
import {RiceError} from '../../errors.ts';

/**
 * All bytes of standard input.
 *
 * @throws RiceError IMAGE_TOO_LARGE above `limit` bytes
 */
export async function readStandardInput(
  input: AsyncIterable<unknown> = process.stdin,
  limit = MAX_FILE_BYTES,
): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of input) {
    chunks.push(chunk as Buffer);
    bytes += (chunk as Buffer).length;
    if (bytes > limit)
      throw new RiceError('IMAGE_TOO_LARGE', `standard input has more than ${limit.toLocaleString('en')} bytes`, {
        suggestions: ['Pipe a smaller picture into it.'],
      });
  }
  return Buffer.concat(chunks);
}
