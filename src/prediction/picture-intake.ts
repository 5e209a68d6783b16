import {AsyncEvent} from './async-event.ts';
import {WORTH_THREADS} from './classification-scheduler.ts';
import type {Picture, PictureSource} from './picture.ts';

/** Reads the source a little ahead of what is computed. */
export class PictureIntake {
  readonly queue: Picture[] = [];
  /** Notified when there is something new, and by others of other news. */
  readonly event = new AsyncEvent();
  ended = false;
  /** What the source threw. */
  failure: {error: unknown} | undefined;
  readonly #portions: AsyncIterator<Picture[]>;
  readonly #signal: AbortSignal | undefined;
  #reading = false;

  constructor(source: PictureSource, signal: AbortSignal | undefined) {
    this.#portions = source[Symbol.asyncIterator]();
    this.#signal = signal;
    signal?.addEventListener('abort', this.#stop);
    if (signal?.aborted) this.#stop();
  }

  /** Has more read unless that is going on, or enough is there. */
  read(): void {
    if (this.ended || this.#reading || this.queue.length >= WORTH_THREADS) return;
    this.#reading = true;
    void this.#next().finally(() => {
      this.#reading = false;
      this.event.notify();
    });
  }

  async close(): Promise<void> {
    this.#signal?.removeEventListener('abort', this.#stop);
    // A source that waits for more (a pipe) cannot be asked to end.
    if (!this.#reading) await this.#portions.return?.();
  }

  async #next(): Promise<void> {
    try {
      const {done, value} = await this.#portions.next();
      if (done) this.ended = true;
      else if (!this.ended) for (const picture of value) this.queue.push(picture);
    } catch (error) {
      if (!this.ended) this.failure = {error};
      this.ended = true;
    }
  }

  readonly #stop = () => {
    this.ended = true;
    this.queue.length = 0;
    this.event.notify();
  };
}
