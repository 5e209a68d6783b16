import type {IncomingMessage} from 'node:http';
import {RiceError} from '../../common/errors.ts';
import {RejectedRequest} from '../rejected-request.ts';
import type {ByteLease} from './byte-budget.ts';

/** Watches a body as it comes. */
export interface BodyOptions {
  maxBody: number;
  lease: ByteLease;
  /** Its reason is thrown. */
  signal: AbortSignal;
}

/**
 * Hands a body on, chunk by chunk. What comes after an error is let go by unread: a client that still sends must come to
 * the end of it to see the answer.
 *
 * @param onChunk may throw
 * @throws RiceError REQUEST_TOO_LARGE, SERVER_BUSY, REQUEST_INVALID where the client goes away half-way; what `onChunk` throws
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
      // Listeners that are gone leave the stream paused.
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
    const gone = () => settle(new RiceError('REQUEST_INVALID', 'the body ends before its end'));
    const abort = () => settle(signal.reason);
    request.on('data', take).on('end', end).on('error', gone).on('close', gone);
    signal.addEventListener('abort', abort);
    if (signal.aborted) abort();
  });
}

/** A whole body in one piece. @throws as `consumeBody` */
export async function readBody(request: IncomingMessage, options: BodyOptions): Promise<Buffer> {
  const chunks: Buffer[] = [];
  await consumeBody(request, options, (chunk) => chunks.push(chunk));
  return chunks.length === 1 ? chunks[0] : Buffer.concat(chunks);
}

/** Refuses what says of itself that it is too large before a byte of it is read. */
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
