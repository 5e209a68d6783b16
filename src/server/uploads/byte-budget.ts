import {RejectedRequest} from '../rejected-request.ts';

/**
 * The memory that bodies of requests may take together: many large ones at once would otherwise take more than there is.
 * One alone is always let in; how large it may be is for others to say.
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
          throw new RejectedRequest('memory', 'SERVER_BUSY', 'other requests take all memory that there is for bodies');
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

/** What one request holds of the budget. */
export interface ByteLease {
  /** @throws RejectedRequest SERVER_BUSY */
  add(bytes: number): void;
  /** Gives all of it back; a second call does nothing. */
  end(): void;
}
