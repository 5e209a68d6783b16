import {RejectedRequest} from '../rejected-request.ts';

/** Limits the number of requests at the same time; others are rejected. */
export class ConcurrencyLimiter {
  readonly #limit: number;
  #running = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** @throws RejectedRequest SERVER_BUSY */
  async through<T>(work: () => Promise<T>): Promise<T> {
    if (this.#running >= this.#limit)
      throw new RejectedRequest('concurrency', 'SERVER_BUSY', `${this.#limit} requests are already in progress`);
    this.#running++;
    try {
      return await work();
    } finally {
      this.#running--;
    }
  }
}
