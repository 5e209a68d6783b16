import {perSecond} from '../../../../common/rate.ts';
import {round} from '../../../../common/round.ts';
import {DEFAULT_TRUST} from '../../../../model/trust.ts';
import {type Entry, isError} from '../../../../prediction/entry.ts';
import {Tally} from '../../../../prediction/tally.ts';
import type {Exported} from '../../exported.ts';

/** The answers of this page, in the order in which the pictures were given. */
export class Answers {
  readonly #entries = new Map<number, Entry>();
  #seconds = 0;

  /** @param position of the picture among all */
  add(position: number, entry: Entry, seconds: number): void {
    this.#entries.set(position, entry);
    this.#seconds += seconds;
  }

  clear(): void {
    this.#entries.clear();
    this.#seconds = 0;
  }

  /** How many pictures show each variety. */
  counts(): [kind: string, count: number][] {
    const counts = new Map<string, number>();
    for (const entry of this.#entries.values()) {
      const kind = isError(entry) ? 'No answer' : entry.known ? entry.label : 'Unknown';
      counts.set(kind, (counts.get(kind) ?? 0) + 1);
    }
    return [...counts].sort(([kind, a], [other, b]) => b - a || (kind < other ? -1 : 1));
  }

  /** As `rice predict --json` prints them. */
  toJson(model: Exported['model']): string {
    const entries = [...this.#entries].sort(([a], [b]) => a - b).map(([, entry]) => entry);
    const tally = new Tally();
    for (const entry of entries) tally.add(entry);
    const seconds = round(this.#seconds, 3);
    const imagesPerSecond = round(perSecond(tally.images, this.#seconds * 1000), 1);
    const document = {
      model,
      predictions: entries.filter((entry) => !isError(entry)),
      errors: entries.filter(isError),
      trust: DEFAULT_TRUST,
      summary: {...tally.summary(), seconds, imagesPerSecond},
      warnings: [],
    };
    return `${JSON.stringify(document, null, 2)}\n`;
  }
}
