import {workerFile} from '../../common/package-root.ts';
import {WorkerPool} from '../../common/worker-pool.ts';
import type {Classifier, ClassifierOptions} from '../../model/classifier.ts';
import type {ChangedAnswers, RobustnessReply, RobustnessRequest} from './robustness-worker.ts';

/** Worker threads that decode, change and classify pictures, each with its own single-threaded session. */
export class RobustnessThreads {
  readonly #pool: WorkerPool<RobustnessRequest, RobustnessReply>;
  readonly threads: number;

  /** @param options the options of the classifier, with which each thread loads its own */
  constructor({device}: Classifier, options: ClassifierOptions, threads: number) {
    const {onWarning: _, ...data} = options;
    // All threads would share a GPU, so more than one would only queue.
    this.threads = device === 'cpu' ? threads : 1;
    this.#pool = new WorkerPool(workerFile('evaluation/robustness/robustness-worker'), this.threads, data);
  }

  /** The answers for a picture with each change; undefined if it cannot be read or decoded. */
  async classify(path: string): Promise<ChangedAnswers | undefined> {
    return ((await this.#pool.run({path})) as {answers: ChangedAnswers | undefined}).answers;
  }

  /** Frees the models before the threads end; otherwise onnxruntime aborts the process. */
  async close(): Promise<void> {
    await Promise.allSettled(Array.from({length: this.threads}, () => this.#pool.run({release: true})));
    await this.#pool.close();
  }
}
