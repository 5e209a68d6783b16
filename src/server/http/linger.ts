import type {IncomingMessage, ServerResponse} from 'node:http';

/** Milliseconds that the rest of a refused body is waited for. */
const PATIENCE = 2000;

/**
 * Before a connection that is not kept is answered and closed, lets the rest of the body come and go unread: closed while
 * its client still sends, it would be reset, and the client would see that instead of the answer.
 */
export async function linger(request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.complete || request.destroyed || response.shouldKeepAlive) return;
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, PATIENCE);
    const done = () => {
      clearTimeout(timer);
      resolve();
    };
    request.once('end', done).once('close', done).resume();
  });
}
