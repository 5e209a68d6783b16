import type {Answer} from '../../prediction/answer-batch.ts';
import {RejectedRequest} from '../rejected-request.ts';
import {pixelsOf} from './pixel-count.ts';
import type {WorkerSupervisor, WorkKind} from './worker-supervisor.ts';

/** Largest batch. */
export const MAX_BATCH = 32;
/** Limits the time that the pictures of a batch wait for large ones among them. */
const MAX_BATCH_PIXELS = 8_000_000;

/** The inputs of one request. */
interface Job {
  kind: WorkKind;
  inputs: Uint8Array[];
  answers: Answer[];
  /** Number of inputs that were dispatched, and that were answered. */
  dispatched: number;
  done: number;
  queued: number;
  signal: AbortSignal;
  finish(error?: unknown): void;
}

export interface QueueEvents {
  /** A batch was answered or failed. @param seconds since it was dispatched to a thread */
  onBatch(size: number, seconds: number): void;
  /** @param seconds waiting time of the first picture of a batch */
  onWait(seconds: number): void;
}

/**
 * Pictures that wait for a thread. Requests take turns (round-robin), a batch each, in the order of their arrival. Whenever
 * a thread is free, it takes its share of the queue: a single picture is computed at once, and under load batches form
 * without a timer.
 */
export class PictureQueue {
  readonly #supervisor: WorkerSupervisor;
  readonly #limit: number;
  readonly #events: QueueEvents;
  #jobs: Job[] = [];
  #depth = 0;
  #scheduled = false;

  /** @param limit number of pictures that may wait */
  constructor(supervisor: WorkerSupervisor, limit: number, events: QueueEvents) {
    this.#supervisor = supervisor;
    this.#limit = limit;
    this.#events = events;
  }

  /** Number of waiting pictures. */
  get depth(): number {
    return this.#depth;
  }

  /**
   * Classifies the inputs; the answers are in their order. A request is accepted as a whole or not at all.
   *
   * @param signal if aborted, its reason is thrown, and waiting inputs are dropped
   * @throws RejectedRequest SERVER_BUSY if the queue is full, REQUEST_TOO_LARGE for more inputs than it can ever hold
   */
  async classify(kind: WorkKind, inputs: Uint8Array[], signal: AbortSignal): Promise<Answer[]> {
    signal.throwIfAborted();
    if (inputs.length > this.#limit)
      throw new RejectedRequest(
        'too large',
        'REQUEST_TOO_LARGE',
        `${inputs.length} pictures at once: the queue holds ${this.#limit}`,
      );
    if (this.#depth + inputs.length > this.#limit)
      throw new RejectedRequest('queue', 'SERVER_BUSY', 'the queue of pictures is full');
    return new Promise((resolve, reject) => {
      const job: Job = {
        kind,
        inputs,
        signal,
        answers: new Array<Answer>(inputs.length),
        dispatched: 0,
        done: 0,
        queued: performance.now(),
        finish: (error) => {
          signal.removeEventListener('abort', abort);
          if (error === undefined) resolve(job.answers);
          else reject(error);
        },
      };
      const abort = () => {
        this.#forget(job);
        job.finish(signal.reason);
      };
      signal.addEventListener('abort', abort);
      this.#jobs.push(job);
      this.#depth += inputs.length;
      this.#dispatchSoon();
    });
  }

  /** Dispatches after pending I/O, so that requests that arrive together share batches and wake fewer threads. */
  #dispatchSoon(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.dispatch();
    });
  }

  /** Dispatches waiting pictures to free threads. */
  dispatch(): void {
    while (this.#depth > 0 && this.#supervisor.free > 0) void this.#compute(this.#take());
  }

  /** Takes one thread's share of the queue, all of one kind. */
  #take(): {job: Job; position: number}[] {
    // A request that has had its turn goes to the end, so that one with many large pictures does not block the others.
    if (this.#jobs.length > 1 && this.#jobs[0].dispatched > 0) this.#jobs.push(this.#jobs.shift()!);
    const share = Math.min(MAX_BATCH, Math.ceil(this.#depth / this.#supervisor.free));
    const batch: {job: Job; position: number}[] = [];
    const {kind, queued} = this.#jobs[0];
    let pixels = 0;
    while (batch.length < share && this.#jobs.length > 0) {
      const job = this.#jobs[0];
      if (job.kind !== kind) break;
      if (kind === 'pictures') pixels += pixelsOf(job.inputs[job.dispatched]);
      if (batch.length > 0 && pixels > MAX_BATCH_PIXELS) break;
      batch.push({job, position: job.dispatched++});
      if (job.dispatched === job.inputs.length) this.#jobs.shift();
    }
    this.#depth -= batch.length;
    this.#events.onWait((performance.now() - queued) / 1000);
    return batch;
  }

  async #compute(batch: {job: Job; position: number}[]): Promise<void> {
    const started = performance.now();
    try {
      const inputs = batch.map(({job, position}) => job.inputs[position]);
      const answers = await this.#supervisor.work(batch[0].job.kind, inputs);
      batch.forEach(({job, position}, i) => {
        job.answers[position] = answers[i];
        if (++job.done === job.inputs.length) job.finish();
      });
    } catch (error) {
      for (const job of new Set(batch.map(({job}) => job))) {
        this.#forget(job);
        job.finish(error);
      }
    } finally {
      this.#events.onBatch(batch.length, (performance.now() - started) / 1000);
      this.dispatch();
    }
  }

  /** Removes the waiting inputs of a request that has ended. */
  #forget(job: Job): void {
    if (!this.#jobs.includes(job)) return;
    this.#jobs = this.#jobs.filter((other) => other !== job);
    this.#depth -= job.inputs.length - job.dispatched;
  }
}
