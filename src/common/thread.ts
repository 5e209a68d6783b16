import {type MessagePort, parentPort, type Worker} from 'node:worker_threads';

/** The message that asks a thread to rest, and its answer. */
const REST = 'rice: rest';
const RESTED = 'rice: rested';

/**
 * Milliseconds that a thread does nothing before it is ended. What V8 still compiles for it in the background then comes to
 * its end; a thread that is terminated before aborts the process now and then (3 of 445 cold starts of a training), and one
 * that ends by itself may wait for that compilation for ever, which waits for a garbage collection by the thread.
 */
export const REST_MS = 50;

/** Milliseconds after which a thread that does not rest is terminated all the same. */
const PATIENCE_MS = 5000;

/** The thread's side: calls `answer` for each message, except for what `endThread` asks. */
export function onRequest<Request>(answer: (request: Request) => unknown, port: MessagePort | null = parentPort): void {
  port?.on('message', (request: Request | typeof REST) => {
    // By the thread's own timer: a thread that does not come to run may not have come to rest either.
    if (request === REST) setTimeout(() => port.postMessage(RESTED), REST_MS);
    else answer(request);
  });
}

/** Ends a thread that uses `onRequest` and has answered all requests, once it has rested. */
export async function endThread(worker: Worker): Promise<void> {
  worker.removeAllListeners('message');
  // It has ended already.
  if (worker.threadId < 0) return;
  let impatient: NodeJS.Timeout | undefined;
  await new Promise<void>((resolve) => {
    worker.on('message', (message) => message === RESTED && resolve());
    worker.once('exit', () => resolve());
    impatient = setTimeout(resolve, PATIENCE_MS);
    worker.postMessage(REST);
  });
  clearTimeout(impatient);
  await worker.terminate();
}
