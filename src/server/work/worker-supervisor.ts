import type {CallOptions} from '../../model/classifier.ts';
import type {Answer} from '../../prediction/answer-batch.ts';

/** The kind of input: encoded pictures, or prepared windows. */
export type WorkKind = 'pictures' | 'windows';

/** Threads that classify, such as `ClassifierThreads`. */
export interface Threads {
  /** Settled when all threads can answer. */
  readonly ready: Promise<void>;
  /** Whether one has died; there are no answers any more then. */
  readonly failed: boolean;
  classify(contents: {path: string; bytes: Uint8Array}[], options?: CallOptions): Promise<Answer[]>;
  classifyWindows(windows: Uint8Array[], options?: CallOptions): Promise<Answer[]>;
  close(): Promise<void>;
}

export interface SupervisorEvents {
  /** All threads can answer. */
  onReady(): void;
  /** A thread died, and all are being replaced. */
  onRestart(error: Error): void;
  /** The threads or their replacements could not be started. */
  onGone(error: Error): void;
}

/** After this many pictures the code is JIT-compiled. */
const WARM_UP_ROUNDS = 20;

/** Supervises the worker threads: counts the free ones, and restarts all when one has died. */
export class WorkerSupervisor {
  readonly #start: () => Threads;
  readonly #size: number;
  readonly #events: SupervisorEvents;
  readonly #warmUpImage: Uint8Array;
  #threads: Threads;
  #busy = 0;
  /** Start times of the batches in progress. */
  readonly #inProgress = new Set<{at: number}>();
  #ready = false;
  #closing = false;
  /** The current start or end of threads. */
  #change: Promise<void>;

  /**
   * @param size number of threads that `start` starts
   * @param warmUpImage a picture that each thread classifies before it counts as ready, so that the first real one is fast
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

  /** Number of threads. */
  get size(): number {
    return this.#size;
  }

  get free(): number {
    return this.#ready ? this.#size - this.#busy : 0;
  }

  /** Seconds since the start of the oldest batch in progress. */
  get longest(): number {
    const [oldest] = this.#inProgress;
    return oldest === undefined ? 0 : (performance.now() - oldest.at) / 1000;
  }

  /** Classifies in a free thread. @throws RiceError INTERNAL if the thread dies; what the model throws */
  async work(kind: WorkKind, inputs: Uint8Array[], options: CallOptions = {}): Promise<Answer[]> {
    const threads = this.#threads;
    const started = {at: performance.now()};
    this.#inProgress.add(started);
    this.#busy++;
    try {
      if (kind === 'windows') return await threads.classifyWindows(inputs, options);
      return await threads.classify(
        inputs.map((bytes) => ({path: '-', bytes})),
        options,
      );
    } catch (error) {
      if (threads.failed && threads === this.#threads && this.#ready) this.#restart(error as Error);
      throw error;
    } finally {
      this.#inProgress.delete(started);
      // The count was reset if the threads were replaced.
      if (threads === this.#threads) this.#busy--;
    }
  }

  /** Ends the threads when their batches are finished. */
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
