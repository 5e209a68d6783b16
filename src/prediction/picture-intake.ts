import {AsyncEvent} from './async-event.ts';
import {MIN_PICTURES_FOR_THREADS} from './classification-scheduler.ts';
import type {Picture, PictureSource} from './picture.ts';

/** Reads ahead from the source, up to a limit. */
export class PictureIntake {
  readonly queue: Picture[] = [];
  /** Notified when a portion arrives or the source ends; the user of this class notifies it of finished batches. */
  readonly event = new AsyncEvent();
  ended = false;
  /** The error of the source. */
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

  /** Starts to read the next portion, unless a read is running or the queue is full enough. */
  read(): void {
    if (this.ended || this.#reading || this.queue.length >= MIN_PICTURES_FOR_THREADS) return;
    this.#reading = true;
    void this.#next().finally(() => {
      this.#reading = false;
      this.event.notify();
    });
  }

  async close(): Promise<void> {
    this.#signal?.removeEventListener('abort', this.#stop);
    // A source that waits for data (from a pipe) cannot be ended.
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
