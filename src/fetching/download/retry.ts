import {setTimeout as sleep} from 'node:timers/promises';
import {RiceError} from '../../common/errors.ts';

/** An error after which a retry may succeed. Its message is only the reason. */
export class RetryableError extends Error {
  override readonly name = 'RetryableError';
  /** Seconds to wait, as requested by the server. */
  readonly retryAfter: number | undefined;
  /** The server sends, but so slowly that this is no progress. */
  readonly slow: boolean;

  constructor(
    reason: string,
    {retryAfter, slow = false, cause}: {retryAfter?: number | undefined; slow?: boolean; cause?: unknown} = {},
  ) {
    super(reason, {cause});
    this.retryAfter = retryAfter;
    this.slow = slow;
  }
}

/** All in seconds. */
const FIRST_WAIT = 1;
const MAX_WAIT = 30;
/** The longest wait that a server may request. */
const MAX_RETRY_AFTER = 120;

export interface RetryOptions {
  /** What is fetched, for messages. */
  name: string;
  /** Retries after the first try; 5 by default. */
  retries?: number | undefined;
  onNotice?: ((message: string) => void) | undefined;
  signal?: AbortSignal | undefined;
  /** A random number in [0, 1). */
  random?: () => number;
  /** Waits the given seconds, or until the signal is aborted. */
  pause?: ((seconds: number, signal: AbortSignal | undefined) => Promise<void>) | undefined;
}

/**
 * Exponential backoff with jitter: a random part of a time that doubles from 1 s to 30 s, so that many clients of a failed
 * server do not return at once; or longer if the server requests it.
 */
export class Retries {
  readonly #options: RetryOptions;
  readonly #limit: number;
  #failures = 0;

  constructor(options: RetryOptions) {
    this.#options = options;
    this.#limit = options.retries ?? 5;
  }

  /** Resets the count of failures after progress. */
  reset(): void {
    this.#failures = 0;
  }

  /**
   * Waits until the next try.
   *
   * @throws RiceError DOWNLOAD_FAILED if no retry is left; the reason of the signal
   */
  async wait(error: RetryableError): Promise<void> {
    const {signal, onNotice, pause = pauseInRealTime} = this.#options;
    const {message, retryAfter = 0} = error;
    signal?.throwIfAborted();
    if (++this.#failures > this.#limit) throw this.#giveUp(`${message}${this.#describeTries()}`, error);
    if (retryAfter > MAX_RETRY_AFTER)
      throw this.#giveUp(`${message} and asks to retry after ${Math.ceil(retryAfter)} s`, error);
    const seconds = Math.max(this.#draw(), retryAfter);
    onNotice?.(`${message}; retrying in ${Math.ceil(seconds)} s (${this.#failures} of ${this.#limit})`);
    await pause(seconds, signal);
    signal?.throwIfAborted();
  }

  #draw(): number {
    const {random = Math.random} = this.#options;
    return random() * Math.min(MAX_WAIT, FIRST_WAIT * 2 ** (this.#failures - 1));
  }

  #describeTries(): string {
    return this.#limit === 0 ? '' : ` (tried ${this.#limit + 1} times)`;
  }

  #giveUp(reason: string, cause: RetryableError): RiceError {
    return new RiceError('DOWNLOAD_FAILED', `cannot fetch ${this.#options.name}: ${reason}`, {cause});
  }
}

async function pauseInRealTime(seconds: number, signal: AbortSignal | undefined): Promise<void> {
  // An abort ends the sleep early; the caller then throws the reason of the signal.
  await sleep(seconds * 1000, undefined, signal ? {signal} : {}).catch(() => {});
}
