import type {IncomingMessage} from 'node:http';
import {RiceError} from '../../common/errors.ts';
import {RejectedRequest} from '../rejected-request.ts';
import type {ByteLease} from './byte-budget.ts';

/** Limits while reading a body. */
export interface BodyOptions {
  maxBody: number;
  lease: ByteLease;
  /** If aborted, its reason is thrown. */
  signal: AbortSignal;
  /** The least that must arrive. */
  pace?: Pace;
}

/** A number of bytes that must arrive in each period of so many seconds. */
export interface Pace {
  bytes: number;
  seconds: number;
}

/** A thousand bytes a second: less than any network that carries a picture, and a stall of some seconds is forgiven. */
const LEAST_PACE: Pace = {bytes: 10_000, seconds: 10};

/**
 * Passes a body on, chunk by chunk. After an error the rest is read and discarded, so that a client that is still sending
 * can finish and see the answer.
 *
 * @param onChunk may throw
 * @throws RiceError REQUEST_TOO_LARGE, SERVER_BUSY, REQUEST_TIMEOUT if it arrives too slowly, REQUEST_INVALID if the
 *   client disconnects; what `onChunk` throws
 */
export async function consumeBody(
  request: IncomingMessage,
  {maxBody, lease, signal, pace = LEAST_PACE}: BodyOptions,
  onChunk: (chunk: Buffer) => void,
): Promise<void> {
  requireBounded(request, maxBody);
  let [bytes, before] = [0, 0];
  await new Promise<void>((resolve, reject) => {
    const settle = (error?: unknown) => {
      request.off('data', take).off('end', end).off('error', gone).off('close', gone);
      signal.removeEventListener('abort', abort);
      clearInterval(watch);
      // Removing the listeners leaves the stream paused.
      request.on('error', () => {}).resume();
      if (error === undefined) resolve();
      else reject(error);
    };
    const take = (chunk: Buffer) => {
      bytes += chunk.length;
      try {
        if (bytes > maxBody) throw tooLarge(maxBody);
        lease.add(chunk.length);
        onChunk(chunk);
      } catch (error) {
        settle(error);
      }
    };
    // Who has sent nearly all, and then waits, would hold the memory until the deadline.
    const watch = setInterval(() => {
      if (bytes - before < pace.bytes) settle(tooSlow(pace));
      before = bytes;
    }, pace.seconds * 1000);
    const end = () => settle();
    const gone = () => settle(new RiceError('REQUEST_INVALID', 'the body is incomplete'));
    const abort = () => settle(signal.reason);
    request.on('data', take).on('end', end).on('error', gone).on('close', gone);
    signal.addEventListener('abort', abort);
    if (signal.aborted) abort();
  });
}

/** Reads a whole body. @throws as `consumeBody` */
export async function readBody(request: IncomingMessage, options: BodyOptions): Promise<Buffer> {
  const chunks: Buffer[] = [];
  await consumeBody(request, options, (chunk) => chunks.push(chunk));
  return chunks.length === 1 ? chunks[0] : Buffer.concat(chunks);
}

/** Rejects a body whose Content-Length is too large before reading it. */
function requireBounded({headers}: IncomingMessage, maxBody: number): void {
  if (Number(headers['content-length'] ?? 0) > maxBody) throw tooLarge(maxBody);
}

function tooSlow({bytes, seconds}: Pace): RiceError {
  return new RiceError(
    'REQUEST_TIMEOUT',
    `the body arrives too slowly: less than ${bytes} bytes in ${seconds} seconds`,
  );
}

function tooLarge(maxBody: number): RejectedRequest {
  return new RejectedRequest(
    'too large',
    'REQUEST_TOO_LARGE',
    `the body has more than ${maxBody.toLocaleString('en')} bytes`,
  );
}
