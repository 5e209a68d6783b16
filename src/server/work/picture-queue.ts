import type {Answer} from '../../prediction/answer-batch.ts';
import {RejectedRequest} from '../rejected-request.ts';
import {pixelsOf} from './pixel-count.ts';
import type {WorkerSupervisor, WorkKind} from './worker-supervisor.ts';

/** Pictures that go through the network together, at most. */
export const MAX_BATCH = 32;
/** Large pictures take long, and the others of their batch wait for them. */
const MAX_BATCH_PIXELS = 8_000_000;

/** What one request has to have classified. */
interface Order {
  kind: WorkKind;
  inputs: Uint8Array[];
  answers: Answer[];
  /** Inputs that were handed out, and those that were answered. */
  taken: number;
  done: number;
  queued: number;
  signal: AbortSignal;
  finish(error?: unknown): void;
}

export interface QueueEvents {
  /** A batch was answered, or failed. @param seconds since it was handed to a thread */
  onBatch(size: number, seconds: number): void;
  /** @param seconds that the first of a batch has waited */
  onWait(seconds: number): void;
}

/**
 * Pictures that wait for a thread: requests take turns, a batch each, in the order of their arrival. Whenever one is free it takes its share of what waits:
 * alone a picture is computed at once, under load many go through the network together, and no timer holds anything back.
 */
export class PictureQueue {
  readonly #supervisor: WorkerSupervisor;
  readonly #limit: number;
  readonly #events: QueueEvents;
  #orders: Order[] = [];
  #depth = 0;
  #scheduled = false;

  /** @param limit pictures that may wait */
  constructor(supervisor: WorkerSupervisor, limit: number, events: QueueEvents) {
    this.#supervisor = supervisor;
    this.#limit = limit;
    this.#events = events;
  }

  /** Pictures that wait. */
  get depth(): number {
    return this.#depth;
  }

  /**
   * Answers in the order of the inputs. An order is taken whole or not at all.
   *
   * @param signal its reason is thrown, and what still waits is not computed
   * @throws RejectedRequest SERVER_BUSY where the queue is full, REQUEST_TOO_LARGE for what no queue would hold
   */
  async classify(kind: WorkKind, inputs: Uint8Array[], signal: AbortSignal): Promise<Answer[]> {
    signal.throwIfAborted();
    if (inputs.length > this.#limit)
      throw new RejectedRequest(
        'too large',
        'REQUEST_TOO_LARGE',
        `${inputs.length} pictures at once: the queue takes ${this.#limit}`,
      );
    if (this.#depth + inputs.length > this.#limit)
      throw new RejectedRequest('queue', 'SERVER_BUSY', 'the queue of pictures is full');
    return new Promise((resolve, reject) => {
      const order: Order = {
        kind,
        inputs,
        signal,
        answers: new Array<Answer>(inputs.length),
        taken: 0,
        done: 0,
        queued: performance.now(),
        finish: (error) => {
          signal.removeEventListener('abort', abort);
          if (error === undefined) resolve(order.answers);
          else reject(error);
        },
      };
      const abort = () => {
        this.#forget(order);
        order.finish(signal.reason);
      };
      signal.addEventListener('abort', abort);
      this.#orders.push(order);
      this.#depth += inputs.length;
      this.#dispatchSoon();
    });
  }

  /** Once all has been read that is at hand: what arrives together is computed together, and wakes fewer threads. */
  #dispatchSoon(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.dispatch();
    });
  }

  /** Hands out what waits to the threads that are free. */
  dispatch(): void {
    while (this.#depth > 0 && this.#supervisor.free > 0) void this.#compute(this.#take());
  }

  /** The share of one thread, all of one kind. */
  #take(): {order: Order; position: number}[] {
    // Who has had a turn waits behind the others: one request of many large pictures would make all wait for it.
    if (this.#orders.length > 1 && this.#orders[0].taken > 0) this.#orders.push(this.#orders.shift()!);
    const share = Math.min(MAX_BATCH, Math.ceil(this.#depth / this.#supervisor.free));
    const batch: {order: Order; position: number}[] = [];
    const {kind, queued} = this.#orders[0];
    let pixels = 0;
    while (batch.length < share && this.#orders.length > 0) {
      const order = this.#orders[0];
      if (order.kind !== kind) break;
      if (kind === 'pictures') pixels += pixelsOf(order.inputs[order.taken]);
      if (batch.length > 0 && pixels > MAX_BATCH_PIXELS) break;
      batch.push({order, position: order.taken++});
      if (order.taken === order.inputs.length) this.#orders.shift();
    }
    this.#depth -= batch.length;
    this.#events.onWait((performance.now() - queued) / 1000);
    return batch;
  }

  async #compute(batch: {order: Order; position: number}[]): Promise<void> {
    const started = performance.now();
    try {
      const inputs = batch.map(({order, position}) => order.inputs[position]);
      const answers = await this.#supervisor.work(batch[0].order.kind, inputs);
      batch.forEach(({order, position}, i) => {
        order.answers[position] = answers[i];
        if (++order.done === order.inputs.length) order.finish();
      });
    } catch (error) {
      for (const order of new Set(batch.map(({order}) => order))) {
        this.#forget(order);
        order.finish(error);
      }
    } finally {
      this.#events.onBatch(batch.length, (performance.now() - started) / 1000);
      this.dispatch();
    }
  }

  /** Leaves out what nobody waits for any more. */
  #forget(order: Order): void {
    if (!this.#orders.includes(order)) return;
    this.#orders = this.#orders.filter((other) => other !== order);
    this.#depth -= order.inputs.length - order.taken;
  }
}
