import {RejectedRequest} from '../rejected-request.ts';

/** Lets so many requests in at the same time, and turns away the others. */
export class ConcurrencyLimiter {
  readonly #places: number;
  #taken = 0;

  constructor(places: number) {
    this.#places = places;
  }

  /** @throws RejectedRequest SERVER_BUSY */
  async through<T>(work: () => Promise<T>): Promise<T> {
    if (this.#taken >= this.#places)
      throw new RejectedRequest('concurrency', 'SERVER_BUSY', `${this.#places} requests are being answered already`);
    this.#taken++;
    try {
      return await work();
    } finally {
      this.#taken--;
    }
  }
}
