import {constants, fstatSync, openSync} from 'node:fs';
import {destination} from 'pino';

/** Lines of a busy server are buffered: bytes until they are written, and milliseconds. */
const BUFFERING = {minLength: 4096, periodicFlush: 250};
/** Largest buffer in bytes for a reader that does not read; further lines are lost. */
const MAX_BUFFER = 4 * 2 ** 20;
/** Number of attempts, 100 ms apart, to write to such a reader on shutdown. */
const FINAL_ATTEMPTS = 3;

export type LogStream = ReturnType<typeof destination>;

/**
 * Opens the log's output. A reader that is gone or does not read must neither block answers nor the shutdown.
 *
 * @param file descriptor, such as that of standard error
 * @returns the stream, and a function that flushes and ends it
 */
export function openLogStream(file: number): {stream: LogStream; end: () => void} {
  let [ending, attempts] = [false, 0];
  const retryEAGAIN = () => !ending || attempts++ < FINAL_ATTEMPTS;
  const options = {fd: nonBlocking(file), sync: false, ...BUFFERING, maxLength: MAX_BUFFER, retryEAGAIN};
  const stream = destination(options);
  stream.on('error', () => {
    if (ending) stream.destroy();
  });
  const end = () => {
    ending = true;
    try {
      stream.flushSync();
      stream.end();
    } catch {
      // The reader is gone.
      stream.destroy();
    }
  };
  return {stream, end};
}

/**
 * Reopens a pipe in non-blocking mode: a write to a full pipe then fails instead of blocking a thread, which would keep the
 * process from ending. Returns the descriptor itself if that is not possible (other systems, another user's pipe).
 */
function nonBlocking(file: number): number {
  try {
    if (!fstatSync(file).isFIFO()) return file;
    return openSync(`/proc/self/fd/${file}`, constants.O_WRONLY | constants.O_NONBLOCK);
  } catch {
    return file;
  }
}
