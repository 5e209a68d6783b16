import type {IncomingMessage, ServerResponse} from 'node:http';

/** Milliseconds to wait for the rest of a rejected body. */
const LINGER_TIMEOUT = 2000;

/**
 * Before answering and closing a connection, reads and discards the rest of the body: if it were closed while the client
 * still sends, the connection would be reset, and the client would not see the answer.
 */
export async function linger(request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.complete || request.destroyed || response.shouldKeepAlive) return;
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, LINGER_TIMEOUT);
    const done = () => {
      clearTimeout(timer);
      resolve();
    };
    request.once('end', done).once('close', done).resume();
  });
}
