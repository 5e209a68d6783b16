import {closeSync, constants, createReadStream, fstatSync, openSync, readFile, readSync} from 'node:fs';
import {Socket} from 'node:net';
import {addAbortSignal, type Readable} from 'node:stream';
import {isatty as isTerminal, ReadStream as Terminal} from 'node:tty';
import {promisify} from 'node:util';
import {RiceError} from '../common/errors.ts';

/** No picture is as large; what is would only fill the memory. */
export const MAX_FILE_BYTES = 256_000_000;

const readAsync: (path: string) => Promise<Buffer> = promisify(readFile);

/**
 * Reads a whole regular file. Several times as fast for small files as `readFile` of `node:fs/promises`.
 *
 * @param bytes its size, where it is known
 * @throws RiceError IMAGE_TOO_LARGE above `limit`; errors of `node:fs`
 */
export async function readWholeFile(path: string, bytes = 0, limit = MAX_FILE_BYTES): Promise<Buffer> {
  if (bytes > limit) throw tooLarge(limit);
  return readAsync(path);
}

/**
 * Reads a picture from whatever the path names. A regular file is read synchronously: for small files that takes a sixth
 * of the time of a promise. A pipe or a device is read as its bytes come, so that the process can be stopped meanwhile.
 *
 * @param signal ends the waiting for what does not come
 * @throws RiceError IMAGE_TOO_LARGE above `limit` bytes; errors of `node:fs`; the signal's reason
 */
export function readPicture(path: string, limit = MAX_FILE_BYTES, signal?: AbortSignal): Buffer | Promise<Buffer> {
  const file = openWithoutWaiting(path);
  let kept = false;
  try {
    const stats = fstatSync(file);
    if (stats.isFile()) {
      if (stats.size > limit) throw tooLarge(limit);
      return readAll(file, stats.size);
    }
    // Reading says what is wrong with a folder.
    if (stats.isDirectory()) readSync(file, Buffer.alloc(1));
    kept = true;
    const stream = streamOf(file, stats.isFIFO());
    return readStream(signal ? addAbortSignal(signal, stream) : stream, limit);
  } finally {
    if (!kept) closeSync(file);
  }
}

/** A file that has shrunk meanwhile gives what is left of it. */
function readAll(file: number, size: number): Buffer {
  const bytes = Buffer.allocUnsafe(size);
  let done = 0;
  while (done < size) {
    const read = readSync(file, bytes, done, size - done, null);
    if (read === 0) break;
    done += read;
  }
  return done < size ? bytes.subarray(0, done) : bytes;
}

async function readStream(stream: NodeJS.ReadableStream, limit: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > limit) throw tooLarge(limit);
  }
  return Buffer.concat(chunks);
}

/**
 * Opens a file to read as its bytes come, without waiting for the writer of a pipe.
 *
 * @throws errors of `node:fs`
 */
export function openStream(path: string): NodeJS.ReadableStream {
  const file = openWithoutWaiting(path);
  return streamOf(file, fstatSync(file).isFIFO());
}

/** Windows knows no O_NONBLOCK. */
function openWithoutWaiting(path: string): number {
  return openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
}

/** Pipes and terminals are polled: a thread that waits for their bytes would keep the process from ending. */
function streamOf(file: number, isPipe: boolean): Readable {
  if (isPipe) return new Socket({fd: file, readable: true, writable: false});
  return isTerminal(file) ? new Terminal(file) : createReadStream('', {fd: file});
}

function tooLarge(limit: number): RiceError {
  return new RiceError('IMAGE_TOO_LARGE', `the file has more than ${Math.round(limit / 1e6)} MB`, {
    suggestions: ['Export the picture smaller.'],
  });
}
