import {type DecodingCost, estimateCost} from '../../image/cost.ts';
import type {CallOptions} from '../../model/classifier.ts';
import type {Answer} from '../../prediction/answer-batch.ts';
import {RejectedRequest} from '../rejected-request.ts';
import type {WorkerSupervisor, WorkKind} from './worker-supervisor.ts';

/** Largest batch. */
export const MAX_BATCH = 32;
/** Limits the time in seconds that the pictures of a batch wait for large ones among them. */
const MAX_BATCH_SECONDS = 0.08;
/** Pictures that take longer are costly: they wait for others, and leave a thread to these. */
const COSTLY_SECONDS = 0.2;
/** Milliseconds after which a costly picture waits for others no longer. */
const PATIENCE = 10_000;

const NO_COST: DecodingCost = {bytes: 0, seconds: 0};

/** The inputs of one request. */
interface Job {
  kind: WorkKind;
  options: CallOptions;
  inputs: Uint8Array[];
  costs: DecodingCost[];
  answers: Answer[];
  /** Number of inputs that were dispatched, and that were answered. */
  dispatched: number;
  done: number;
  queued: number;
  signal: AbortSignal;
  finish(error?: unknown): void;
}

/** One of a job's inputs. */
interface Input {
  job: Job;
  position: number;
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
  readonly #memory: number;
  #jobs: Job[] = [];
  #depth = 0;
  /** Of the batches in progress. */
  #bytes = 0;
  #costly = 0;
  #scheduled = false;

  /**
   * @param limit number of pictures that may wait
   * @param memory bytes that decoding may take in all threads together
   */
  constructor(supervisor: WorkerSupervisor, limit: number, memory: number, events: QueueEvents) {
    this.#supervisor = supervisor;
    this.#memory = memory;
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
  async classify(
    kind: WorkKind,
    inputs: Uint8Array[],
    signal: AbortSignal,
    options: CallOptions = {},
  ): Promise<Answer[]> {
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
        options,
        inputs,
        signal,
        costs: inputs.map((input) => (kind === 'pictures' ? estimateCost(input) : NO_COST)),
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
    while (this.#depth > 0 && this.#supervisor.free > 0) {
      const batch = this.#take();
      if (batch.length === 0) return;
      void this.#compute(batch);
    }
  }

  /** Takes one thread's share of the queue, all of one kind and judged alike; nothing where all that waits is too costly for now. */
  #take(): Input[] {
    // A request that has had its turn goes to the end, so that one with many large pictures does not block the others.
    if (this.#jobs.length > 1 && this.#jobs[0].dispatched > 0) this.#jobs.push(this.#jobs.shift()!);
    const first = this.#next();
    if (!first) return [];
    const share = Math.min(MAX_BATCH, Math.ceil(this.#depth / this.#supervisor.free));
    const batch: Input[] = [];
    const {kind, queued, options} = first;
    let {bytes, seconds} = NO_COST;
    for (const job of this.#jobs.slice(this.#jobs.indexOf(first))) {
      if (job.kind !== kind || job.options.trust !== options.trust) break;
      while (batch.length < share && job.dispatched < job.inputs.length) {
        const cost = job.costs[job.dispatched];
        if (
          batch.length > 0 &&
          (seconds + cost.seconds > MAX_BATCH_SECONDS || !this.#fits(Math.max(bytes, cost.bytes)))
        )
          break;
        seconds += cost.seconds;
        // One after the other: a batch never takes more than its largest picture.
        bytes = Math.max(bytes, cost.bytes);
        batch.push({job, position: job.dispatched++});
      }
      if (job.dispatched < job.inputs.length) break;
    }
    this.#jobs = this.#jobs.filter((job) => job.dispatched < job.inputs.length);
    this.#depth -= batch.length;
    this.#events.onWait((performance.now() - queued) / 1000);
    return batch;
  }

  /** Whose turn it is: cheap pictures come first, until a costly one has waited for long. */
  #next(): Job | undefined {
    const possible = this.#jobs.filter((job) => {
      const cost = job.costs[job.dispatched];
      return this.#fits(cost.bytes) && (!isCostly(cost) || this.#costly < Math.max(1, this.#supervisor.size - 1));
    });
    const late = performance.now() - PATIENCE;
    return possible.find((job) => !isCostly(job.costs[job.dispatched]) || job.queued < late) ?? possible[0];
  }

  /** What takes more memory than there is at all is computed alone. */
  #fits(bytes: number): boolean {
    return this.#bytes === 0 || this.#bytes + bytes <= this.#memory;
  }

  async #compute(batch: Input[]): Promise<void> {
    const started = performance.now();
    const costs = batch.map(({job, position}) => job.costs[position]);
    const bytes = Math.max(...costs.map((cost) => cost.bytes));
    const costly = costs.some(isCostly) ? 1 : 0;
    this.#bytes += bytes;
    this.#costly += costly;
    try {
      const inputs = batch.map(({job, position}) => job.inputs[position]);
      const answers = await this.#supervisor.work(batch[0].job.kind, inputs, batch[0].job.options);
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
      this.#bytes -= bytes;
      this.#costly -= costly;
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

function isCostly({seconds}: DecodingCost): boolean {
  return seconds > COSTLY_SECONDS;
}
