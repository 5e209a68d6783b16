import {perSecond} from '../common/rate.ts';
import {round} from '../common/round.ts';
import {type Entry, isError} from './entry.ts';
import {type ReasonCounts, ReasonTally} from './reason-tally.ts';

/** The summary of a run, as in the JSON document. */
export interface Summary {
  images: number;
  errors: number;
  /** Known images by variety. */
  labels: Record<string, number>;
  unknown: number;
  /** Unknown images by reason. */
  reasons: ReasonCounts;
  seconds: number;
  imagesPerSecond: number;
}

/** Counts answers. */
export class Tally {
  images = 0;
  errors = 0;
  unknown = 0;
  readonly reasons = new ReasonTally();
  readonly labels = new Map<string, number>();
  readonly #started = performance.now();

  add(entry: Entry): void {
    if (isError(entry)) {
      this.errors++;
      return;
    }
    this.images++;
    if (entry.known) this.labels.set(entry.label, (this.labels.get(entry.label) ?? 0) + 1);
    else this.unknown++;
    if (entry.reason) this.reasons.add(entry.reason);
  }

  /** The number of answers and errors. */
  get done(): number {
    return this.images + this.errors;
  }

  summary(): Summary {
    const seconds = (performance.now() - this.#started) / 1000;
    return {
      images: this.images,
      errors: this.errors,
      labels: Object.fromEntries(this.labels),
      unknown: this.unknown,
      reasons: this.reasons.counts(),
      seconds: round(seconds, 3),
      imagesPerSecond: round(perSecond(this.images, seconds * 1000), 1),
    };
  }
}
