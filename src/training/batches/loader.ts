import {Worker} from 'node:worker_threads';
import {RiceError} from '../../common/errors.ts';
import {workerFile} from '../../common/package-root.ts';
import {endThread} from '../../common/thread.ts';
import type {LoaderBuffers, LoaderData, LoaderFailure, LoaderReply, LoaderRequest} from './loader-thread.ts';

/** A request for a batch, without its buffers. */
type BatchRequest = {epoch: number; step: number} | {validationFrom: number};

/** Prefetched batches: one is in use, the others are ready or being filled. */
const PREFETCHED = 3;

/** Prefetches batches from the loader's thread. Buffers are reused, so that no batch allocates memory. */
export class BatchLoader {
  readonly #worker: Worker;
  readonly #free: LoaderBuffers[] = [];
  readonly #waiting: {resolve: (reply: LoaderReply) => void; reject: (error: Error) => void}[] = [];
  #failure: Error | undefined;

  readonly #data: LoaderData;

  constructor(data: LoaderData) {
    this.#data = data;
    const {file, execArgv} = workerFile('training/batches/loader-thread');
    this.#worker = new Worker(file, {execArgv, workerData: data});
    this.#worker.on('message', (reply: LoaderReply | LoaderFailure) => this.#answer(reply));
    this.#worker.on('error', (error) => this.#fail(error));
    this.#worker.on('exit', (code) => this.#fail(new Error(`the loader's thread ended with code ${code}`)));
    for (let i = 0; i < PREFETCHED; i++) this.#free.push(this.#allocate());
  }

  /** The batches of the steps [from, to) of an epoch. A batch is valid until the next one is requested. */
  training(epoch: number, from: number, to: number): AsyncGenerator<LoaderReply> {
    return this.#stream(Array.from({length: to - from}, (_, i) => ({epoch, step: from + i})));
  }

  /** All validation images, in the cache's order; the last batch may hold fewer. */
  validation(): AsyncGenerator<LoaderReply> {
    const {batchSize, validation} = this.#data;
    const count = Math.ceil(validation.length / batchSize);
    return this.#stream(Array.from({length: count}, (_, i) => ({validationFrom: i * batchSize})));
  }

  async close(): Promise<void> {
    this.#worker.removeAllListeners('exit');
    await endThread(this.#worker);
  }

  async *#stream(requests: BatchRequest[]): AsyncGenerator<LoaderReply> {
    const pending: Promise<LoaderReply>[] = [];
    let next = 0;
    try {
      while (next < requests.length || pending.length > 0) {
        while (next < requests.length && this.#free.length > 0) pending.push(this.#request(requests[next++]));
        const batch = await pending.shift()!;
        yield batch;
        this.#free.push(batch);
      }
    } finally {
      // If the consumer stopped early, the pending buffers still have to come back.
      for (const batch of await Promise.all(pending)) this.#free.push(batch);
      while (this.#free.length < PREFETCHED) this.#free.push(this.#allocate());
    }
  }

  #request(wanted: BatchRequest): Promise<LoaderReply> {
    if (this.#failure) return Promise.reject(this.#failure);
    const buffers = this.#free.pop()!;
    const request: LoaderRequest = {...wanted, ...buffers};
    const transfer = [buffers.image.buffer, buffers.labels.buffer, ...buffers.noise.map(({buffer}) => buffer)];
    return new Promise((resolve, reject) => {
      this.#waiting.push({resolve, reject});
      this.#worker.postMessage(request, transfer as ArrayBuffer[]);
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

  #answer(reply: LoaderReply | LoaderFailure): void {
    const waiting = this.#waiting.shift();
    if ('failure' in reply) {
      const {code, message, suggestions} = reply.failure;
      const error = new RiceError(code, message, {suggestions});
      waiting?.reject(error);
      this.#fail(error);
    } else waiting?.resolve(reply);
  }

  #fail(error: Error): void {
    this.#failure ??= error;
    for (const {reject} of this.#waiting.splice(0)) reject(error);
  }
}
