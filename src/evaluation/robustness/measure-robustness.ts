import {availableParallelism} from 'node:os';
import {join} from 'node:path';
import type {Dataset} from '../../dataset/dataset.ts';
import type {Classifier, ClassifierOptions} from '../../model/classifier.ts';
import {matchLabels} from '../match-labels.ts';
import {CHANGES} from './changes.ts';
import {RobustnessThreads} from './robustness-threads.ts';
import {type RobustnessRow, RobustnessTally} from './tally.ts';

export interface RobustnessOptions {
  classifier: Classifier;
  /** The options that the classifier was loaded with. */
  load: ClassifierOptions;
  dataset: Dataset;
  /** Indices of the files to evaluate; all by default. */
  files?: readonly number[] | undefined;
  /** Worker threads; one per core by default. */
  threads?: number | undefined;
  onProgress?: (progress: {done: number; total: number}) => void;
}

/**
 * Classifies each picture of a dataset with every change of `CHANGES`. The changes are made to the decoded picture at full
 * size, as another camera would see the scene. Random changes are seeded by the content of the picture, so the same
 * pictures give the same figures. Unreadable pictures are skipped; `evaluate` lists them.
 *
 * @returns one row per change, in the order of `CHANGES`
 * @throws RiceError DATASET_LABELS if a folder is not a label of the model, INTERNAL if a thread dies
 */
export async function measureRobustness(options: RobustnessOptions): Promise<RobustnessRow[]> {
  const {classifier, load, dataset, threads = availableParallelism(), onProgress} = options;
  const {labels} = classifier.model;
  const labelOf = matchLabels(dataset.labels, labels);
  const indices = options.files ?? dataset.files.map((_, i) => i);
  const tally = new RobustnessTally(CHANGES, labels);
  const pool = new RobustnessThreads(classifier, load, Math.min(threads, indices.length));
  let next = 0;
  let done = 0;
  const work = async () => {
    while (next < indices.length) {
      const {path, label} = dataset.files[indices[next++]];
      const answers = await pool.classify(join(dataset.root, path));
      if (answers) tally.add(labelOf[label], answers);
      onProgress?.({done: ++done, total: indices.length});
    }
  };
  try {
    // Two requests per thread, so that no thread waits for its next picture.
    await Promise.all(Array.from({length: 2 * pool.threads}, work));
  } finally {
    await pool.close();
  }
  return tally.rows();
}
