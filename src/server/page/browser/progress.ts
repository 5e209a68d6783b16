import {byId} from './elements.ts';

/** How many of the pictures that were given together are answered: `12 of 200`. */
export class Progress {
  readonly #place = byId('progress');
  readonly #bar = byId<HTMLProgressElement>('progress-bar');
  readonly #text = byId('progress-text');
  #done = 0;
  total = 0;

  /** A picture more waits. */
  begin(): void {
    this.total++;
    this.#show();
  }

  /** A picture is done, with an answer or without. */
  end(): void {
    this.#done++;
    this.#show();
    if (this.#done < this.total) return;
    if (this.total > 1) byId('status').textContent = `${this.total} of ${this.total} pictures are done.`;
    [this.#done, this.total] = [0, 0];
  }

  #show(): void {
    this.#place.hidden = this.total < 2 || this.#done === this.total;
    this.#bar.max = this.total;
    this.#bar.value = this.#done;
    this.#text.textContent = `${this.#done} of ${this.total}`;
  }
}
