import {setTimeout as sleep} from 'node:timers/promises';
import type {Delivery} from '../delivery.ts';
import type {TrackedEvent} from '../event.ts';
import type {RemoteTracker} from './remote-tracker.ts';

/** Between two portions; W&B's own client sends at most every 15 seconds. */
const PERIOD_MS = 2000;
/** Between signs of life while nothing happens. */
const IDLE_MS = 30_000;
/** A server that has not answered for so long is not waited for at the end of a training. */
const PATIENCE_MS = 5000;
/** Nor is one waited for longer than this, however well it does. */
const LONGEST_END_MS = 60_000;
const POLL_MS = 25;

/** How long the end of a run waits for a server, in milliseconds. */
export interface EndOptions {
  longest?: number;
  /** For one that does not answer, or only that it cannot. */
  patience?: number;
  /** For one that cannot be reached. */
  grace?: number;
}

/**
 * Sends the events of a run to a service as they come, apart from the training: nobody waits for it until the end, and then
 * for a bounded time. What is not sent stays in the journal.
 */
export class Sender {
  readonly #tracker: RemoteTracker;
  readonly #events: readonly TrackedEvent[];
  readonly #stop: AbortController;
  readonly #warn: (message: string) => void;
  readonly #running: Promise<void>;
  #refusal: string | undefined;
  #finishing = false;
  #onNews = nothing;
  #onEnd = nothing;

  /**
   * @param events all events of the run, to which others are added
   * @param stop ends the requests of the tracker's client
   */
  constructor(
    tracker: RemoteTracker,
    events: readonly TrackedEvent[],
    stop: AbortController,
    warn: (message: string) => void,
  ) {
    this.#tracker = tracker;
    this.#events = events;
    this.#stop = stop;
    this.#warn = warn;
    this.#running = this.#run();
  }

  /** Says that there are more events. */
  notify(): void {
    this.#onNews();
  }

  /** Waits until everything is sent, or the server cannot be waited for. */
  async finish({longest = LONGEST_END_MS, patience = PATIENCE_MS, grace = 0}: EndOptions = {}): Promise<Delivery> {
    this.#finishing = true;
    this.#onEnd();
    let running = true;
    const ended = this.#running.finally(() => {
      running = false;
    });
    let well = performance.now();
    const from = well;
    const isHopeless = (now: number) => {
      const {health, pending} = this.#tracker.client;
      if (health === 'well') well = now;
      if (now - from > longest || (health === 'down' && now - well >= grace)) return true;
      // A large body takes its time.
      if (pending && now - pending.since > patience + pending.extra) return true;
      return health === 'busy' && now - well > patience;
    };
    while (running && !isHopeless(performance.now())) await Promise.race([ended, sleep(POLL_MS)]);
    this.#stop.abort(new Error('it did not answer in time'));
    await ended;
    await this.#tracker.client.close();
    const {name, address, record} = this.#tracker;
    if (record.sent === this.#events.length) return {tracker: name, state: 'sent', place: address};
    return {tracker: name, state: 'kept', place: address, reason: this.#reason()};
  }

  #reason(): string {
    const {client, address} = this.#tracker;
    return this.#refusal ?? client.failure?.message ?? `${address} does not answer in time`;
  }

  async #run(): Promise<void> {
    const {client, name} = this.#tracker;
    client.onFailure = once(({message}) => this.#warn(`${name}: ${message}; tried again, and kept until then`));
    try {
      while (await this.#sendNext());
    } catch (error) {
      if (this.#stop.signal.aborted) return;
      this.#refusal = client.redacted((error as Error).message);
      this.#warn(`${name}: ${this.#refusal}; what is not sent is kept`);
    }
  }

  /** @returns whether there may be more */
  async #sendNext(): Promise<boolean> {
    const {record, idle} = this.#tracker;
    const to = this.#events.length;
    if (to > record.sent) {
      await this.#tracker.send(this.#events.slice(0, to), record.sent);
      record.sent = to;
      record.save();
    }
    if (this.#events.length === to) {
      if (this.#finishing) return false;
      const isNews = await this.#rest(IDLE_MS);
      if (!isNews) await idle?.call(this.#tracker);
      if (!isNews) return true;
    }
    // Gathers what follows soon.
    await this.#rest(PERIOD_MS, false);
    return true;
  }

  /**
   * Waits until the time is over, or the training has ended, or, unless `untilNews` is false, there is news.
   *
   * @returns whether the time is not over
   */
  async #rest(milliseconds: number, untilNews = true): Promise<boolean> {
    if (this.#finishing) return true;
    return new Promise((resolve) => {
      const end = (early: boolean) => {
        clearTimeout(timer);
        [this.#onNews, this.#onEnd] = [nothing, nothing];
        resolve(early);
      };
      const timer = setTimeout(() => end(false), milliseconds);
      timer.unref();
      this.#onEnd = () => end(true);
      if (untilNews) this.#onNews = () => end(true);
    });
  }
}

function nothing(): void {}

function once<Value>(action: (value: Value) => void): (value: Value) => void {
  let done = false;
  return (value) => {
    if (!done) action(value);
    done = true;
  };
}
