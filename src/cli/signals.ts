import {exitCodeOf, type StopSignal} from './exit-codes.ts';
import {quit} from './quit.ts';

let handler: ((signal: StopSignal) => void) | undefined;
let received: StopSignal | undefined;

/** Makes Ctrl-C exit with 130 and SIGTERM with 143, unless a command handles them with `onStop`. */
export function installSignals(): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      const first = received === undefined;
      received ??= signal;
      if (first && handler) handler(signal);
      else quit(exitCodeOf(signal), signal);
    });
  }
}

/**
 * Lets a command shut down cleanly on the first Ctrl-C or SIGTERM; a second one quits at once.
 *
 * @param patience milliseconds after which the command has to have ended; any time if omitted
 * @returns a function that removes the handler
 */
export function onStop(shutDown: (signal: StopSignal) => void, {patience}: {patience?: number} = {}): () => void {
  let limit: NodeJS.Timeout | undefined;
  handler = (signal) => {
    if (patience !== undefined) limit = setTimeout(() => quit(exitCodeOf(signal), signal), patience);
    shutDown(signal);
  };
  return () => {
    clearTimeout(limit);
    handler = undefined;
  };
}

/** The first stop signal that was received, if any. */
export function stopSignal(): StopSignal | undefined {
  return received;
}
