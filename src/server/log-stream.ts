import {constants, fstatSync, openSync} from 'node:fs';
import {destination} from 'pino';

/** Lines of a busy server are written together: bytes that wait at most, and milliseconds. */
const TOGETHER = {minLength: 4096, periodicFlush: 250};
/** Bytes that wait for a reader who does not read; what comes then is lost. */
const MOST_WAITING = 4 * 2 ** 20;
/** Tries, 100 ms apart, that such a reader gets in the end. */
const LAST_TRIES = 3;

export type LogStream = ReturnType<typeof destination>;

/**
 * What the log is written to. A reader that is gone, or does not read, is no reason to stop answering, nor to stay when the
 * server is to end.
 *
 * @param file descriptor, such as that of standard error
 * @returns the stream, and what writes out the rest and ends it
 */
export function openLogStream(file: number): {stream: LogStream; end: () => void} {
  let [ending, tries] = [false, 0];
  const retryEAGAIN = () => !ending || tries++ < LAST_TRIES;
  const options = {fd: withoutWaiting(file), sync: false, ...TOGETHER, maxLength: MOST_WAITING, retryEAGAIN};
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
      // Nobody reads it any more.
      stream.destroy();
    }
  };
  return {stream, end};
}

/**
 * A pipe opened once more, so that writing into a full one fails instead of holding a thread, which would keep the process
 * from ending. Where that cannot be had (other systems, another user's pipe), the file itself.
 */
function withoutWaiting(file: number): number {
  try {
    if (!fstatSync(file).isFIFO()) return file;
    return openSync(`/proc/self/fd/${file}`, constants.O_WRONLY | constants.O_NONBLOCK);
  } catch {
    return file;
  }
}
