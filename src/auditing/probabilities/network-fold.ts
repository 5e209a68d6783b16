import {existsSync, mkdirSync, rmSync} from 'node:fs';
import {join} from 'node:path';
import {writeAtomically} from '../../common/files/atomic-file.ts';
import {defuseCell} from '../../common/spreadsheet-cell.ts';
import type {HashedDataset} from '../../dataset/hash-dataset.ts';
import {partOf} from '../../dataset/split.ts';
import {Classifier} from '../../model/classifier.ts';
import {DEFAULT_CONFIGURATION, type TrainingConfiguration} from '../../training/configuration.ts';
import {resumeTraining, startTraining, type TrainingEvents} from '../../training/train.ts';
import {modelAnswers} from './model-answers.ts';

/** Of the pictures that a fold learns from, the share that decides on its best epoch. */
const VALIDATION = 0.1;

/** What the networks of the folds are trained with: fewer epochs than a model for use, and no unknown objects. */
export const FOLD_CONFIGURATION: TrainingConfiguration = {
  ...DEFAULT_CONFIGURATION,
  schedule: {...DEFAULT_CONFIGURATION.schedule, epochs: 8},
  augmentation: {...DEFAULT_CONFIGURATION.augmentation, outliers: 0},
};

export interface NetworkFoldOptions {
  hashed: Pick<HashedDataset, 'dataset' | 'hashes'>;
  /** By file. */
  folds: ArrayLike<number>;
  /** The one to answer for. */
  fold: number;
  /** Where the run of the fold is kept until it is finished. */
  folder: string;
  configuration: TrainingConfiguration;
  cacheDir: string;
  events: TrainingEvents;
  onAnswer: (done: number, total: number) => void;
  signal: AbortSignal;
}

/**
 * Probabilities of the pictures of a fold by a network that was trained on the others. A run that was stopped is continued.
 *
 * @returns one row for each picture of the fold, in the order of the dataset
 * @throws what training throws
 */
export async function networkFold(options: NetworkFoldOptions): Promise<Float64Array> {
  const {hashed, folds, fold, folder, configuration, cacheDir, events, onAnswer, signal} = options;
  const {dataset, hashes} = hashed;
  const run = join(folder, `run-${fold + 1}`);
  if (existsSync(join(run, 'run.json'))) await resumeTraining(run, '1.0.0', events, signal);
  else {
    mkdirSync(folder, {recursive: true});
    const labelsFrom = join(folder, `fold-${fold + 1}.csv`);
    writeAtomically(labelsFrom, listOf(options));
    const name = `fold-${fold + 1}`;
    await startTraining(
      {dataset: dataset.root, labelsFrom, run, name, version: '1.0.0', configuration, settings: [], cacheDir},
      events,
      signal,
    );
  }
  const load = {model: join(run, 'model.onnx'), device: 'cpu' as const};
  const classifier = await Classifier.load(load);
  try {
    const only = dataset.files.flatMap((_, i) => (folds[i] === fold ? [i] : []));
    const onProgress = (done: number) => onAnswer(done, only.length);
    const {probabilities} = await modelAnswers(classifier, {dataset, hashes}, {load, only, onProgress, signal});
    const answers = inOrderOf(dataset.labels, classifier.model.labels, probabilities, only);
    // A whole run is some MB; its answers are all that is needed of it.
    rmSync(run, {recursive: true, force: true});
    return answers;
  } finally {
    await classifier.release();
  }
}

/** The list of labels with the part of each picture: its fold is the test part. */
function listOf({hashed: {dataset, hashes}, folds, fold, configuration}: NetworkFoldOptions): string {
  const fractions = {train: 1 - VALIDATION, validation: VALIDATION, test: 0};
  const rows = dataset.files.map(({path, label}, i) => {
    const other = partOf(hashes[i].sha256, {seed: configuration.split.seed, fractions});
    return [path, dataset.labels[label], folds[i] === fold ? 'test' : other].map(quoted).join(',');
  });
  return `path,label,split\n${rows.join('\n')}\n`;
}

function quoted(text: string): string {
  return `"${defuseCell(text).replaceAll('"', '""')}"`;
}

function inOrderOf(wanted: readonly string[], has: readonly string[], rows: Float32Array, only: readonly number[]) {
  const columns = wanted.map((label) => has.indexOf(label));
  const answers = new Float64Array(only.length * wanted.length);
  for (const [at, index] of only.entries())
    for (const [c, column] of columns.entries())
      answers[at * wanted.length + c] = column < 0 ? 0 : rows[index * has.length + column];
  return answers;
}
