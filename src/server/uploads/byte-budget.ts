import {RejectedRequest} from '../rejected-request.ts';

/**
 * Limits the memory of all request bodies together, so that many large ones at once cannot exhaust it. A single body is
 * always accepted; its own limit is checked elsewhere.
 */
export class ByteBudget {
  #used = 0;

  /** @param limit bytes */
  constructor(readonly limit: number) {}

  get used(): number {
    return this.#used;
  }

  lease(): ByteLease {
    let held = 0;
    return {
      add: (bytes) => {
        if (this.#used > held && this.#used + bytes > this.limit)
          throw new RejectedRequest('memory', 'SERVER_BUSY', 'other requests use all memory for request bodies');
        this.#used += bytes;
        held += bytes;
      },
      end: () => {
        this.#used -= held;
        held = 0;
      },
    };
  }
}

/** One request's part of the budget. */
export interface ByteLease {
  /** @throws RejectedRequest SERVER_BUSY */
  add(bytes: number): void;
  /** Releases all of it; a second call does nothing. */
  end(): void;
}
