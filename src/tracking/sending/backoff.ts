import {setTimeout as sleep} from 'node:timers/promises';
import {SendFailure} from './send-failure.ts';

export interface BackoffOptions {
  signal: AbortSignal;
  /** Milliseconds before the first repetition; each further one takes twice as long, up to `longest`. */
  first?: number;
  longest?: number;
  onFailure?: (failure: SendFailure) => void;
}

const FIRST_MS = 1000;
const LONGEST_MS = 60_000;

/**
 * Repeats what fails for now until it goes well, the server refuses it, or the signal ends it. A server that asks to wait is
 * waited for, a minute at most.
 *
 * @throws SendFailure that no repetition will cure; the reason of the signal
 */
export async function untilDone<Result>(
  action: () => Promise<Result>,
  {signal, first = FIRST_MS, longest = LONGEST_MS, onFailure}: BackoffOptions,
): Promise<Result> {
  for (let wait = first; ; wait = Math.min(longest, wait * 2)) {
    signal.throwIfAborted();
    try {
      return await action();
    } catch (error) {
      if (!(error instanceof SendFailure) || !error.retry) throw error;
      signal.throwIfAborted();
      onFailure?.(error);
      const asked = error.after === undefined ? wait : error.after * 1000;
      await sleep(Math.min(longest, Math.max(asked, wait)), undefined, {signal, ref: false});
    }
  }
}
