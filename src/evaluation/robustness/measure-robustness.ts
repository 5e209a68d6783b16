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
  /** What the classifier was loaded with. */
  load: ClassifierOptions;
  dataset: Dataset;
  /** Indices of the files to look at; all when left out. */
  files?: readonly number[] | undefined;
  /** Worker threads; one per core when left out. */
  threads?: number | undefined;
  onProgress?: (progress: {done: number; total: number}) => void;
}

/**
 * Classifies each picture of a dataset as it is and under every change of `CHANGES`. The changes are made to the decoded
 * picture of full size, as another camera would see the scene, and random ones follow from the picture's content: the
 * same pictures give the same figures. Pictures that cannot be read are left out; `evaluate` tells which these are.
 *
 * @returns one row a change, in the order of `CHANGES`
 * @throws RiceError DATASET_LABELS when a folder is no label of the model, INTERNAL when a thread dies
 */
export async function measureRobustness(options: RobustnessOptions): Promise<RobustnessRow[]> {
  const {classifier, load, dataset, threads = availableParallelism(), onProgress} = options;
  const {labels} = classifier.model;
  const labelOf = matchLabels(dataset.labels, labels);
  const indices = options.files ?? dataset.files.map((_, i) => i);
  const tally = new RobustnessTally(CHANGES, labels);
  const crew = new RobustnessThreads(classifier, load, Math.min(threads, indices.length));
  let next = 0;
  let done = 0;
  const work = async () => {
    while (next < indices.length) {
      const {path, label} = dataset.files[indices[next++]];
      const answers = await crew.classify(join(dataset.root, path));
      if (answers) tally.add(labelOf[label], answers);
      onProgress?.({done: ++done, total: indices.length});
    }
  };
  try {
    // Two for each thread, so that none waits for its next picture.
    await Promise.all(Array.from({length: 2 * crew.threads}, work));
  } finally {
    await crew.close();
  }
  return tally.rows();
}
