import {RiceError} from '../common/errors.ts';
import {workerFile} from '../common/package-root.ts';
import {WorkerPool} from '../common/worker-pool.ts';
import type {ClassifierOptions} from '../model/classifier.ts';
import type {ClassifierLike} from '../model/lazy-classifier.ts';
import {type Answer, type AnswerBatch, unpackAnswers} from './answer-batch.ts';
import type {ClassifyReply, ClassifyRequest} from './classify-worker.ts';
import type {Content} from './read-pictures.ts';

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

  constructor(classifier: Pick<ClassifierLike, 'model'>, options: ClassifierOptions, threads: number) {
    const {onWarning: _, ...data} = options;
    this.#threads = threads;
    this.#labels = classifier.model.labels;
    this.#pool = new WorkerPool(workerFile('prediction/classify-worker'), threads, data);
    this.ready = this.#load(classifier.model.sha256);
    this.ready.catch(() => {});
  }

  /** Whether a thread has died: all further requests fail. */
  get failed(): boolean {
    return this.#pool.failed;
  }

  async classify(contents: readonly Content[]): Promise<Answer[]> {
    const plain = contents.map(({path, bytes}) => (bytes ? {path, bytes} : {path}));
    return unpackAnswers((await this.#request({contents: plain})) as AnswerBatch, this.#labels);
  }

  /** Classifies prepared windows, like `Classifier.classifyWindows`. */
  async classifyWindows(windows: Uint8Array[]): Promise<Answer[]> {
    return unpackAnswers((await this.#request({windows})) as AnswerBatch, this.#labels);
  }

  /** Frees the models and waits for running tasks before the threads end; otherwise onnxruntime aborts the process. */
  async close(): Promise<void> {
    const released = Array.from({length: this.#threads}, () => this.#pool.run({release: true}));
    await Promise.allSettled(released);
    await this.#pool.drain();
    await this.#pool.close();
  }

  async #load(sha256: string): Promise<void> {
    const loads = Array.from({length: this.#threads}, () => this.#request({load: true}));
    for (const reply of await Promise.all(loads))
      if ((reply as {sha256: string}).sha256 !== sha256)
        throw new RiceError('MODEL_INVALID', 'the model file was replaced while it was being loaded', {
          suggestions: ['Run the command again.'],
        });
  }

  /** @throws RiceError with the error of the thread */
  async #request(request: ClassifyRequest): Promise<ClassifyReply> {
    const reply = await this.#pool.run(request);
    if (!('failure' in reply)) return reply;
    const {code, message, suggestions} = reply.failure;
    throw new RiceError(code, message, {suggestions});
  }
}
