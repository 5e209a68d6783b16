import {type MessagePort, parentPort, type Worker} from 'node:worker_threads';

/** The message that asks a thread to end. */
const END = 'rice: end';

/** Milliseconds after which a thread that does not end is terminated. */
const PATIENCE = 10_000;

/** The thread's side: calls `answer` for each message, until the thread is asked to end. */
export function onRequest<Request>(answer: (request: Request) => unknown, port: MessagePort | null = parentPort): void {
  port?.on('message', (request: Request | typeof END) => {
    // Nothing else keeps the thread alive.
    if (request === END) port.close();
    else answer(request);
  });
}

/**
 * Asks a thread that uses `onRequest` to end, and waits until it has. To terminate threads while they, or
 * others, still compile their modules aborts the process now and then (in 3 of 445 cold starts of a training), by an assertion of Node on its isolates.
 */
export async function endThread(worker: Worker): Promise<void> {
  // It has ended already.
  if (worker.threadId < 0) return;
  const ended = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
  worker.postMessage(END);
  const impatient = setTimeout(() => void worker.terminate(), PATIENCE);
  await ended;
  clearTimeout(impatient);
}
