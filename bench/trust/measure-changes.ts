import {availableParallelism} from 'node:os';
import {join} from 'node:path';
import {workerFile} from '../../src/common/package-root.ts';
import {WorkerPool} from '../../src/common/worker-pool.ts';
import type {Selection} from '../../src/evaluation/select-files.ts';
import type {ClassifierOptions} from '../../src/model/classifier.ts';
import type {ChangeReply, ChangeRequest, ChangeThreadOptions} from './change-thread.ts';
import type {TrustChange} from './changes/change.ts';
import {type RawAnswer, rawAnswer} from './raw-answer.ts';

/**
 * Answers to pictures with each change, in threads. Random changes are seeded by the content of the picture, so the same
 * pictures give the same answers.
 */
export async function measureChanges(
  load: ClassifierOptions,
  {dataset, files}: Pick<Selection, 'dataset' | 'files'>,
  changes: readonly TrustChange[],
  onProgress: (progress: {done: number}) => void,
): Promise<RawAnswer[]> {
  const threads = Math.min(availableParallelism(), files.length);
  const options: ChangeThreadOptions = {load, changes: changes.map(({name}) => name)};
  const pool = new WorkerPool<ChangeRequest, ChangeReply>(workerFile('../bench/trust/change-thread'), threads, options);
  const answers: RawAnswer[][] = [];
  let [next, done] = [0, 0];
  const work = async () => {
    while (next < files.length) {
      const place = next++;
      const {path, label} = dataset.files[files[place]];
      const {predictions, message} = await pool.run({path: join(dataset.root, path)});
      if (!predictions) process.stderr.write(`left out: ${path}: ${message}\n`);
      answers[place] = (predictions ?? []).map((predicted, i) =>
        rawAnswer({change: changes[i].name, label: dataset.labels[label], path}, predicted),
      );
      onProgress({done: ++done});
    }
  };
  try {
    await Promise.all(Array.from({length: 2 * threads}, work));
  } finally {
    await Promise.allSettled(Array.from({length: threads}, () => pool.run({release: true})));
    await pool.close();
  }
  return answers.flat();
}
