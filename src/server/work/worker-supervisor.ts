import type {Answer} from '../../prediction/answer-batch.ts';

/** What is asked of a thread: pictures as they were sent, or windows that are prepared already. */
export type WorkKind = 'pictures' | 'windows';

/** Threads that classify, as `ClassifierThreads` is. */
export interface Threads {
  /** Settled when all of them can answer. */
  readonly ready: Promise<void>;
  /** Whether one has died: nothing is answered any more. */
  readonly failed: boolean;
  classify(contents: {path: string; bytes: Uint8Array}[]): Promise<Answer[]>;
  classifyWindows(windows: Uint8Array[]): Promise<Answer[]>;
  close(): Promise<void>;
}

export interface SupervisorEvents {
  /** All threads can answer. */
  onReady(): void;
  /** Threads have died, and others take their place. */
  onRestart(error: Error): void;
  /** They could not be started, or others in their place. */
  onGone(error: Error): void;
}

/** After so many pictures the code is compiled. */
const WARM_UP_ROUNDS = 20;

/** Keeps threads at work: tells how many are free, and starts others where one has died. */
export class WorkerSupervisor {
  readonly #start: () => Threads;
  readonly #size: number;
  readonly #events: SupervisorEvents;
  readonly #warmUpImage: Uint8Array;
  #threads: Threads;
  #busy = 0;
  /** When what is under way was begun. */
  readonly #begun = new Set<{at: number}>();
  #ready = false;
  #closing = false;
  /** What is being started or ended. */
  #change: Promise<void>;

  /**
   * @param size of the threads that `start` starts
   * @param warmUpImage a picture that each classifies before it counts as ready, so that the first real one is not the slowest
   */
  constructor(start: () => Threads, size: number, warmUpImage: Uint8Array, events: SupervisorEvents) {
    this.#start = start;
    this.#size = size;
    this.#events = events;
    this.#warmUpImage = warmUpImage;
    this.#threads = start();
    this.#change = this.#awaitReady();
  }

  get ready(): boolean {
    return this.#ready;
  }

  get free(): number {
    return this.#ready ? this.#size - this.#busy : 0;
  }

  /** Seconds that the oldest batch has been under way. */
  get longest(): number {
    const [oldest] = this.#begun;
    return oldest === undefined ? 0 : (performance.now() - oldest.at) / 1000;
  }

  /** Has a free thread classify. @throws RiceError INTERNAL where it dies, what the model throws */
  async work(kind: WorkKind, inputs: Uint8Array[]): Promise<Answer[]> {
    const threads = this.#threads;
    const begun = {at: performance.now()};
    this.#begun.add(begun);
    this.#busy++;
    try {
      if (kind === 'windows') return await threads.classifyWindows(inputs);
      return await threads.classify(inputs.map((bytes) => ({path: '-', bytes})));
    } catch (error) {
      if (threads.failed && threads === this.#threads && this.#ready) this.#restart(error as Error);
      throw error;
    } finally {
      this.#begun.delete(begun);
      // Those that have died took what they had to do with them.
      if (threads === this.#threads) this.#busy--;
    }
  }

  /** Ends the threads once each has done what it has begun. */
  async close(): Promise<void> {
    this.#closing = true;
    await this.#change;
    this.#ready = false;
    await this.#threads.close();
  }

  #restart(error: Error): void {
    if (this.#closing) return;
    this.#ready = false;
    this.#events.onRestart(error);
    const dead = this.#threads;
    this.#change = dead.close().then(() => {
      this.#threads = this.#start();
      this.#busy = 0;
      return this.#awaitReady();
    });
  }

  async #warmUp(): Promise<void> {
    const threads = this.#threads;
    await threads.ready;
    const contents = [{path: '-', bytes: this.#warmUpImage}];
    for (let round = 0; round < WARM_UP_ROUNDS; round++)
      await Promise.all(Array.from({length: this.#size}, () => threads.classify(contents)));
  }

  async #awaitReady(): Promise<void> {
    try {
      await this.#warmUp();
      this.#ready = true;
      this.#events.onReady();
    } catch (error) {
      this.#events.onGone(error as Error);
    }
  }
}
