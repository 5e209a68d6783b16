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
}

/**
 * Passes a body on, chunk by chunk. After an error the rest is read and discarded, so that a client that is still sending
 * can finish and see the answer.
 *
 * @param onChunk may throw
 * @throws RiceError REQUEST_TOO_LARGE, SERVER_BUSY, REQUEST_INVALID if the client disconnects; what `onChunk` throws
 */
export async function consumeBody(
  request: IncomingMessage,
  {maxBody, lease, signal}: BodyOptions,
  onChunk: (chunk: Buffer) => void,
): Promise<void> {
  requireBounded(request, maxBody);
  let bytes = 0;
  await new Promise<void>((resolve, reject) => {
    const settle = (error?: unknown) => {
      request.off('data', take).off('end', end).off('error', gone).off('close', gone);
      signal.removeEventListener('abort', abort);
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

function tooLarge(maxBody: number): RejectedRequest {
  return new RejectedRequest(
    'too large',
    'REQUEST_TOO_LARGE',
    `the body has more than ${maxBody.toLocaleString('en')} bytes`,
  );
}
