import {REASONS, type Reason} from '../model/rejection.ts';

/** How often each reason for rejection was given, in their order; those that were not are left out. */
export type ReasonCounts = Partial<Record<Reason, number>>;

/** Counts reasons as they pass. */
export class ReasonTally {
  readonly #counts = new Map<Reason, number>();

  add(reason: Reason): void {
    this.#counts.set(reason, (this.#counts.get(reason) ?? 0) + 1);
  }

  counts(): ReasonCounts {
    const given = REASONS.filter((reason) => this.#counts.has(reason));
    return Object.fromEntries(given.map((reason) => [reason, this.#counts.get(reason)]));
  }
}
