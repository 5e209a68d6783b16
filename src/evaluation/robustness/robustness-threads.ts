import {workerFile} from '../../common/package-root.ts';
import {WorkerPool} from '../../common/worker-pool.ts';
import type {Classifier, ClassifierOptions} from '../../model/classifier.ts';
import type {ChangedAnswers, RobustnessReply, RobustnessRequest} from './robustness-worker.ts';

/** Worker threads that decode, change and classify pictures, each with a session of one thread. */
export class RobustnessThreads {
  readonly #pool: WorkerPool<RobustnessRequest, RobustnessReply>;
  readonly threads: number;

  /** @param options what the classifier was loaded with: the threads load their own the same way */
  constructor({device}: Classifier, options: ClassifierOptions, threads: number) {
    const {onWarning: _, ...data} = options;
    // Another device is one for all: threads would only queue for it.
    this.threads = device === 'cpu' ? threads : 1;
    this.#pool = new WorkerPool(workerFile('evaluation/robustness/robustness-worker'), this.threads, data);
  }

  /** What a picture is taken for under each change; undefined where it cannot be read or decoded. */
  async classify(path: string): Promise<ChangedAnswers | undefined> {
    return ((await this.#pool.run({path})) as {answers: ChangedAnswers | undefined}).answers;
  }

  /** Frees the models before the threads end: onnxruntime aborts the process otherwise. */
  async close(): Promise<void> {
    await Promise.allSettled(Array.from({length: this.threads}, () => this.#pool.run({release: true})));
    await this.#pool.close();
  }
}
