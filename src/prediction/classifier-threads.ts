import {RiceError} from '../common/errors.ts';
import {createMemoryBudget, MemoryBudget} from '../common/memory-budget.ts';
import {workerFile} from '../common/package-root.ts';
import {WorkerLost, WorkerPool} from '../common/worker-pool.ts';
import {maxDecodingBytes} from '../image/limits.ts';
import type {CallOptions, ClassifierOptions} from '../model/classifier.ts';
import type {ClassifierLike} from '../model/lazy-classifier.ts';
import {type Answer, type AnswerBatch, unpackAnswers} from './answer-batch.ts';
import type {ClassifyReply, ClassifyRequest, ClassifyWorkerData} from './classify-worker.ts';
import type {Content} from './read-pictures.ts';

/** Milliseconds that one picture may take: the most costly ones within the limits take a few seconds. */
const PICTURE_MS = 60_000;

/**
 * Worker threads that read, decode, prepare and classify pictures, each with a single-threaded session. On a CPU, N of them
 * are faster than one session with N threads, because the network is only a small part of the work.
 */
export class ClassifierThreads {
  readonly #pool: WorkerPool<ClassifyRequest, ClassifyReply>;
  readonly #labels: readonly string[];
  readonly #threads: number;
  /** Settles when all threads have loaded the model. */
  readonly ready: Promise<void>;

  /** @param onLost called when a thread has died, and before another takes its place */
  constructor(
    classifier: Pick<ClassifierLike, 'model'>,
    options: ClassifierOptions,
    threads: number,
    onLost: (cause: Error) => void = () => {},
  ) {
    const {onWarning: _, ...load} = options;
    const progress = new Int32Array(new SharedArrayBuffer(threads * Int32Array.BYTES_PER_ELEMENT));
    const budget = createMemoryBudget(maxDecodingBytes(options.maxPixels), threads);
    const data: Omit<ClassifyWorkerData, 'slot'> = {load, sha256: classifier.model.sha256, progress, budget};
    this.#threads = threads;
    this.#labels = classifier.model.labels;
    this.#pool = new WorkerPool(workerFile('prediction/classify-worker'), threads, data, {
      stallMs: PICTURE_MS,
      progress: (slot) => Atomics.load(progress, slot),
      onLost: (slot, cause) => {
        new MemoryBudget(budget, slot).free();
        onLost(cause);
      },
    });
    this.ready = this.#load();
    this.ready.catch(() => {});
  }

  /** Whether a thread has died: all further requests fail. */
  get failed(): boolean {
    return this.#pool.failed;
  }

  /** A picture that ends its thread is an error in its place: where one of several did, each is tried by itself. */
  async classify(contents: readonly Content[], options: CallOptions = {}): Promise<Answer[]> {
    const plain = contents.map(({path, bytes}) => (bytes ? {path, bytes} : {path}));
    try {
      return unpackAnswers((await this.#request({contents: plain, ...options})) as AnswerBatch, this.#labels);
    } catch (error) {
      if (!(error instanceof WorkerLost)) throw error;
      if (contents.length === 1) return [tooCostly(error)];
    }
    const answers: Answer[] = [];
    for (const content of contents) answers.push(...(await this.classify([content], options)));
    return answers;
  }

  /** Classifies prepared windows, like `Classifier.classifyWindows`. */
  async classifyWindows(windows: Uint8Array[], options: CallOptions = {}): Promise<Answer[]> {
    return unpackAnswers((await this.#request({windows, ...options})) as AnswerBatch, this.#labels);
  }

  /** Frees the models and waits for running tasks before the threads end; otherwise onnxruntime aborts the process. */
  async close(): Promise<void> {
    const released = Array.from({length: this.#threads}, () => this.#pool.run({release: true}));
    await Promise.allSettled(released);
    await this.#pool.drain();
    await this.#pool.close();
  }

  async #load(): Promise<void> {
    await Promise.all(Array.from({length: this.#threads}, () => this.#request({load: true})));
  }

  /** @throws RiceError with the error of the thread */
  async #request(request: ClassifyRequest): Promise<ClassifyReply> {
    const reply = await this.#pool.run(request);
    if (!('failure' in reply)) return reply;
    const {code, message, suggestions} = reply.failure;
    throw new RiceError(code, message, {suggestions});
  }
}

function tooCostly(lost: WorkerLost): RiceError {
  const {message} = lost.cause as Error;
  return new RiceError('IMAGE_TOO_COSTLY', `the picture ended the thread that decoded it: ${message}`, {cause: lost});
}
