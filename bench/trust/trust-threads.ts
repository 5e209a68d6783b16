import {availableParallelism} from 'node:os';
import {join} from 'node:path';
import {workerFile} from '../../src/common/package-root.ts';
import {WorkerPool} from '../../src/common/worker-pool.ts';
import type {Dataset} from '../../src/dataset/dataset.ts';
import type {ClassifierOptions} from '../../src/model/classifier.ts';
import type {TrustChange} from './changes/change.ts';
import {type RawAnswer, rawAnswer} from './raw-answer.ts';
import type {TrustReply, TrustRequest} from './trust-thread.ts';

/** Pictures of a dataset. */
export interface Pictures {
  dataset: Dataset;
  /** Indices of the files. */
  files: readonly number[];
}

/** Pictures of a batch, which go through the network together. */
const BATCH = 32;

/** Threads that classify pictures as they are and with every change. What cannot be used is named on standard error. */
export class TrustThreads {
  readonly #pool: WorkerPool<TrustRequest, TrustReply>;
  readonly #threads = availableParallelism();

  constructor(load: ClassifierOptions) {
    this.#pool = new WorkerPool(workerFile('../bench/trust/trust-thread'), this.#threads, load);
  }

  /**
   * @param change what the answers are kept under
   * @param labelOf the label of a folder's pictures, by default its name
   */
  async asTheyAre(
    {dataset, files}: Pictures,
    change: string,
    onProgress: (progress: {done: number}) => void,
    labelOf: (folder: string) => string = (folder) => folder,
  ): Promise<RawAnswer[]> {
    const batches = Array.from({length: Math.ceil(files.length / BATCH)}, (_, i) =>
      files.slice(i * BATCH, (i + 1) * BATCH).map((file) => dataset.files[file]),
    );
    let done = 0;
    return this.#each(batches, async (batch) => {
      const {answers} = await this.#pool.run({paths: batch.map(({path}) => join(dataset.root, path))});
      done += batch.length;
      onProgress({done});
      return batch.flatMap(({path, label}, i) =>
        usable({change, label: labelOf(dataset.labels[label]), path}, answers[i]),
      );
    });
  }

  /** With each change. Random ones are seeded by the content of the picture: the same pictures give the same answers. */
  async changed(
    {dataset, files}: Pictures,
    changes: readonly TrustChange[],
    onProgress: (progress: {done: number}) => void,
  ): Promise<RawAnswer[]> {
    const names = changes.map(({name}) => name);
    let done = 0;
    return this.#each(
      files.map((file) => dataset.files[file]),
      async ({path, label}) => {
        const {answers} = await this.#pool.run({path: join(dataset.root, path), changes: names});
        onProgress({done: ++done});
        return answers.flatMap((answer, i) => usable({change: names[i], label: dataset.labels[label], path}, answer));
      },
    );
  }

  /** Frees the models before the threads end; otherwise onnxruntime aborts the process. */
  async close(): Promise<void> {
    await Promise.allSettled(Array.from({length: this.#threads}, () => this.#pool.run({release: true})));
    await this.#pool.close();
  }

  async #each<Item>(items: readonly Item[], answersTo: (item: Item) => Promise<RawAnswer[]>): Promise<RawAnswer[]> {
    const answers: RawAnswer[][] = [];
    let next = 0;
    const work = async () => {
      while (next < items.length) {
        const place = next++;
        answers[place] = await answersTo(items[place]);
      }
    };
    // Two requests a thread, so that none waits for its next one.
    await Promise.all(Array.from({length: 2 * this.#threads}, work));
    return answers.flat();
  }
}

function usable(of: Pick<RawAnswer, 'change' | 'label' | 'path'>, answer: TrustReply['answers'][number]): RawAnswer[] {
  if (typeof answer !== 'string') return [rawAnswer(of, answer)];
  process.stderr.write(`left out: ${of.path}, ${of.change}: ${answer}\n`);
  return [];
}
