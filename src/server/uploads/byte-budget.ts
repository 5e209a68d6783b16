import {RejectedRequest} from '../rejected-request.ts';

/** A body that holds less than this part of the budget is small: 2 MB of the usual 128. */
const SMALL = 1 / 64;
/** The part of the budget that all large bodies together may hold: the rest is kept for small ones. */
const LARGE_BODIES = 3 / 4;
/** The parts of the budget that one client may hold with a large body more, and with a small one. */
const CLIENT_LARGE = 1 / 2;
const CLIENT_SMALL = 3 / 4;

/**
 * Limits the memory of all request bodies together, so that many large ones at once cannot exhaust it. Room is kept for
 * small bodies and for other clients, so that a few that send much and slowly do not shut everyone else out. A single body
 * is always accepted; its own limit is checked elsewhere.
 */
export class ByteBudget {
  readonly #clients = new Map<string, number>();
  #used = 0;

  /** @param limit bytes */
  constructor(readonly limit: number) {}

  get used(): number {
    return this.#used;
  }

  /** @param client whose request it is: its address */
  lease(client: string): ByteLease {
    let held = 0;
    const hold = (bytes: number) => {
      this.#used += bytes;
      held += bytes;
      const all = (this.#clients.get(client) ?? 0) + bytes;
      if (all > 0) this.#clients.set(client, all);
      else this.#clients.delete(client);
    };
    return {
      add: (bytes) => {
        if (this.#used > held) this.#requireRoom(client, held, bytes);
        hold(bytes);
      },
      end: () => hold(-held),
    };
  }

  #requireRoom(client: string, held: number, bytes: number): void {
    const small = held + bytes <= this.limit * SMALL;
    const own = (this.#clients.get(client) ?? 0) + bytes;
    if (own > held + bytes && own > this.limit * (small ? CLIENT_SMALL : CLIENT_LARGE))
      throw new RejectedRequest('memory', 'SERVER_BUSY', 'other requests of this client use all its memory for bodies');
    if (this.#used + bytes > this.limit * (small ? 1 : LARGE_BODIES))
      throw new RejectedRequest('memory', 'SERVER_BUSY', 'other requests use all memory for request bodies');
  }
}

/** One request's part of the budget. */
export interface ByteLease {
  /** @throws RejectedRequest SERVER_BUSY */
  add(bytes: number): void;
  /** Releases all of it; a second call does nothing. */
  end(): void;
}
