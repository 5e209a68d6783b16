import {REASONS, type Reason} from '../model/rejection.ts';

/** The count of each rejection reason, in order of precedence; reasons that did not occur are missing. */
export type ReasonCounts = Partial<Record<Reason, number>>;

/** Counts rejection reasons. */
export class ReasonTally {
  readonly #counts = new Map<Reason, number>();

  add(reason: Reason): void {
    this.#counts.set(reason, (this.#counts.get(reason) ?? 0) + 1);
  }

  counts(): ReasonCounts {
    const present = REASONS.filter((reason) => this.#counts.has(reason));
    return Object.fromEntries(present.map((reason) => [reason, this.#counts.get(reason)]));
  }
}
