import {exitCodeOf, type StopSignal} from './exit-codes.ts';
import {quit} from './quit.ts';

let handler: ((signal: StopSignal) => void) | undefined;
let received: StopSignal | undefined;

/** Makes Ctrl-C end the process with 130 and SIGTERM with 143, unless a command asked to finish tidily. */
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
 * Lets a command finish tidily on the first Ctrl-C or SIGTERM; a second one quits at once.
 * @returns a function that gives the signals back
 */
export function onStop(tidy: (signal: StopSignal) => void): () => void {
  handler = tidy;
  return () => {
    handler = undefined;
  };
}

/** The signal that has asked this process to stop, if any. */
export function stopSignal(): StopSignal | undefined {
  return received;
}
