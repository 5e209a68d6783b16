import {createReadStream} from 'node:fs';
import {fromFileSystemError} from '../../errors.ts';

/** No path is longer; a line that is, is not a list of paths. */
const LONGEST_PATH = 65_536;

/**
 * The paths of a list, a line each, in portions as they come: from a file, or from standard input for `-`. Where the
 * first portion holds a NUL, they end with NULs instead, as `find -print0` writes them. Empty lines are left out.
 *
 * @throws RiceError for a list that cannot be read
 */
export async function* readPathList(
  file: string,
  input: NodeJS.ReadableStream = process.stdin,
): AsyncGenerator<string[]> {
  const stream = file === '-' ? input : createReadStream(file, {highWaterMark: 16_384});
  const decoder = new TextDecoder('utf-8');
  let separator: RegExp | undefined;
  let rest = '';
  try {
    for await (const chunk of stream) {
      rest += decoder.decode(typeof chunk === 'string' ? Buffer.from(chunk) : chunk, {stream: true});
      separator ??= rest.includes('\0') ? /\0/ : /\r?\n/;
      const lines = rest.split(separator);
      rest = lines.pop()!;
      if (rest.length > LONGEST_PATH) break;
      const paths = lines.filter((line) => line !== '');
      if (paths.length > 0) yield paths;
    }
  } catch (error) {
    throw fromFileSystemError(error, file === '-' ? 'the standard input' : file, 'read');
  }
  const last = (rest + decoder.decode()).replace(/\r$/, '').slice(0, LONGEST_PATH);
  if (last !== '') yield [last];
}
