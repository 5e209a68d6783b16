import {setTimeout as sleep} from 'node:timers/promises';
import {RiceError} from '../../common/errors.ts';

/** Something went wrong that may go well the next time; its message is the reason alone. */
export class RetryableError extends Error {
  override readonly name = 'RetryableError';
  /** Seconds that the server asks to wait. */
  readonly retryAfter: number | undefined;

  constructor(reason: string, {retryAfter, cause}: {retryAfter?: number | undefined; cause?: unknown} = {}) {
    super(reason, {cause});
    this.retryAfter = retryAfter;
  }
}

const FIRST_WAIT = 1;
const LONGEST_WAIT = 30;
/** Of what a server may ask for. */
const LONGEST_RETRY_AFTER = 120;

export interface RetryOptions {
  /** What is fetched, for messages. */
  name: string;
  /** Tries after the first one; 5 when left out. */
  retries?: number | undefined;
  onNotice?: ((message: string) => void) | undefined;
  signal?: AbortSignal | undefined;
  /** From 0 up to 1. */
  random?: () => number;
  /** Waits some seconds, or until the signal. */
  pause?: ((seconds: number, signal: AbortSignal | undefined) => Promise<void>) | undefined;
}

/**
 * The waits between tries: a random part of a time that doubles from 1 s up to 30 s, so that many who lost the same
 * server do not come back at once; or longer, where the server asks for it.
 */
export class Retries {
  readonly #options: RetryOptions;
  readonly #limit: number;
  #failures = 0;

  constructor(options: RetryOptions) {
    this.#options = options;
    this.#limit = options.retries ?? 5;
  }

  /** Something was achieved: what went wrong before counts no more. */
  reset(): void {
    this.#failures = 0;
  }

  /**
   * Waits until the next try is due.
   *
   * @throws RiceError DOWNLOAD_FAILED where there is to be none; the signal's reason
   */
  async wait(error: RetryableError): Promise<void> {
    const {signal, onNotice, pause = pauseInRealTime} = this.#options;
    const {message, retryAfter = 0} = error;
    signal?.throwIfAborted();
    if (++this.#failures > this.#limit) throw this.#giveUp(`${message}${this.#describeTries()}`, error);
    if (retryAfter > LONGEST_RETRY_AFTER)
      throw this.#giveUp(`${message} and asks to come back in ${Math.ceil(retryAfter)} s`, error);
    const seconds = Math.max(this.#draw(), retryAfter);
    onNotice?.(`${message}; trying again in ${Math.ceil(seconds)} s (${this.#failures} of ${this.#limit})`);
    await pause(seconds, signal);
    signal?.throwIfAborted();
  }

  #draw(): number {
    const {random = Math.random} = this.#options;
    return random() * Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** (this.#failures - 1));
  }

  #describeTries(): string {
    return this.#limit === 0 ? '' : ` (tried ${this.#limit + 1} times)`;
  }

  #giveUp(reason: string, cause: RetryableError): RiceError {
    return new RiceError('DOWNLOAD_FAILED', `cannot fetch ${this.#options.name}: ${reason}`, {cause});
  }
}

async function pauseInRealTime(seconds: number, signal: AbortSignal | undefined): Promise<void> {
  // Woken early, the caller throws the signal's own reason.
  await sleep(seconds * 1000, undefined, signal ? {signal} : {}).catch(() => {});
}
