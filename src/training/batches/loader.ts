import {availableParallelism} from 'node:os';
import {Worker} from 'node:worker_threads';
import {RiceError} from '../../common/errors.ts';
import {workerFile} from '../../common/package-root.ts';
import {endThread} from '../../common/thread.ts';
import type {Batch, Batches} from './batches.ts';
import type {LoaderBuffers, LoaderData, LoaderFailure, LoaderReply, LoaderRequest} from './loader-thread.ts';

/** A request for a batch, without its buffers. */
type BatchRequest = {epoch: number; epochs: number; step: number} | {validationFrom: number};

/** A step of a small network cannot use more batches than these make, and each thread takes memory. */
const MOST_THREADS = 8;

/**
 * Threads that make batches. Augmenting a batch takes about as long as a step of a small network takes on one core, and a batch
 * does not depend on which thread makes it.
 */
export function loaderThreads(cores = availableParallelism()): number {
  return cores === 1 ? 1 : Math.min(MOST_THREADS, Math.max(2, cores >> 1));
}

/** A thread, and the promises of the batches that were asked of it, in order. */
interface Maker {
  worker: Worker;
  waiting: {resolve: (reply: LoaderReply) => void; reject: (error: Error) => void}[];
}

/** Prefetches batches from the loader's threads. Buffers are reused, so that no batch allocates memory. */
export class BatchLoader implements Batches {
  readonly #makers: Maker[];
  readonly #free: LoaderBuffers[] = [];
  /** One batch is in use; for each thread, one is being filled and one is ready. */
  readonly #prefetched: number;
  #failure: Error | undefined;

  readonly #data: LoaderData;

  constructor(data: LoaderData, threads = loaderThreads()) {
    this.#data = data;
    this.#makers = Array.from({length: threads}, () => this.#start());
    this.#prefetched = 1 + 2 * threads;
    for (let i = 0; i < this.#prefetched; i++) this.#free.push(this.#allocate());
  }

  /**
   * The batches of the steps [from, to) of an epoch. A batch is valid until the next one is requested.
   *
   * @param epochs of how many it is one, as the augmentation needs to know; all that the run was begun with if omitted
   */
  training(epoch: number, from: number, to: number, epochs = this.#data.epochs): AsyncGenerator<Batch> {
    return this.#stream(Array.from({length: to - from}, (_, i) => ({epoch, epochs, step: from + i})));
  }

  /** All validation images, in the cache's order; the last batch may hold fewer. */
  validation(): AsyncGenerator<Batch> {
    const {batchSize, validation} = this.#data;
    const count = Math.ceil(validation.length / batchSize);
    return this.#stream(Array.from({length: count}, (_, i) => ({validationFrom: i * batchSize})));
  }

  async close(): Promise<void> {
    await Promise.all(
      this.#makers.map(({worker}) => {
        worker.removeAllListeners('exit');
        return endThread(worker);
      }),
    );
  }

  #start(): Maker {
    const {file, execArgv} = workerFile('training/batches/loader-thread');
    const maker: Maker = {worker: new Worker(file, {execArgv, workerData: this.#data}), waiting: []};
    maker.worker.on('message', (reply: LoaderReply | LoaderFailure) => this.#answer(maker, reply));
    maker.worker.on('error', (error) => this.#fail(error));
    maker.worker.on('exit', (code) => this.#fail(new Error(`the loader's thread ended with code ${code}`)));
    return maker;
  }

  async *#stream(requests: BatchRequest[]): AsyncGenerator<Batch> {
    const pending: Promise<LoaderReply>[] = [];
    let next = 0;
    try {
      while (next < requests.length || pending.length > 0) {
        while (next < requests.length && this.#free.length > 0) pending.push(this.#request(requests[next++]));
        const batch = await pending.shift()!;
        yield {...batch, input: batch.image};
        this.#free.push(batch);
      }
    } finally {
      // If the consumer stopped early, the pending buffers still have to come back.
      for (const batch of await Promise.all(pending)) this.#free.push(batch);
      while (this.#free.length < this.#prefetched) this.#free.push(this.#allocate());
    }
  }

  #request(wanted: BatchRequest): Promise<LoaderReply> {
    if (this.#failure) return Promise.reject(this.#failure);
    const buffers = this.#free.pop()!;
    const request: LoaderRequest = {...wanted, ...buffers};
    const transfer = [buffers.image.buffer, buffers.labels.buffer, ...buffers.noise.map(({buffer}) => buffer)];
    const maker = this.#makers.reduce((least, each) => (each.waiting.length < least.waiting.length ? each : least));
    return new Promise((resolve, reject) => {
      maker.waiting.push({resolve, reject});
      maker.worker.postMessage(request, transfer as ArrayBuffer[]);
    });
  }

  #allocate(): LoaderBuffers {
    const {batchSize, size, noiseLengths} = this.#data;
    return {
      image: new Uint8Array(batchSize * size.width * size.height * 3),
      labels: new Uint8Array(batchSize),
      noise: noiseLengths.map((length) => new Float32Array(length)),
    };
  }

  #answer(maker: Maker, reply: LoaderReply | LoaderFailure): void {
    const waiting = maker.waiting.shift();
    if ('failure' in reply) {
      const {code, message, suggestions} = reply.failure;
      const error = new RiceError(code, message, {suggestions});
      waiting?.reject(error);
      this.#fail(error);
    } else waiting?.resolve(reply);
  }

  #fail(error: Error): void {
    this.#failure ??= error;
    for (const {waiting} of this.#makers) for (const {reject} of waiting.splice(0)) reject(error);
  }
}
