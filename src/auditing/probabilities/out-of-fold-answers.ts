import type {HashedDataset} from '../../dataset/hash-dataset.ts';
import {foldProbabilities, foldsOf} from '../labels/out-of-fold.ts';
import {FoldFiles, foldKey} from './fold-files.ts';
import type {ModelAnswers} from './model-answers.ts';
import {FOLD_CONFIGURATION, type NetworkFoldOptions, networkFold} from './network-fold.ts';
import type {Probabilities} from './types.ts';

export interface FoldOptions {
  hashed: Pick<HashedDataset, 'dataset' | 'hashes'>;
  /** Number of folds. */
  folds: number;
  /** The folder of the audit, in which finished folds are kept. */
  out: string;
  onFold: (done: number, total: number) => void;
  signal: AbortSignal;
}

/** Probabilities by linear discriminants of a model's features: of each fold by one that has not seen it. */
export async function headProbabilities(
  {hashed: {dataset, hashes}, onFold, signal, ...options}: FoldOptions,
  model: {sha256: string},
  {features, answered}: ModelAnswers,
): Promise<Probabilities> {
  const {files, labels} = dataset;
  const usable = files.flatMap((_, i) => (answered[i] ? [i] : []));
  const data = new Float32Array(usable.length * features.width);
  for (const [at, index] of usable.entries())
    data.set(features.data.subarray(index * features.width, (index + 1) * features.width), at * features.width);
  const given = usable.map((index) => files[index].label);
  const folds = foldsOf(
    usable.map((index) => hashes[index]),
    options.folds,
  );
  const store = storeOf(options, {dataset, hashes}, 'head', usable, model.sha256);
  return inFolds(usable, folds, options.folds, labels.length, async (fold, length) => {
    signal.throwIfAborted();
    const finished = store.read(fold, length);
    const answers = finished ?? foldProbabilities({data, width: features.width}, given, folds, fold, labels.length);
    if (!finished) store.write(fold, answers);
    onFold(fold + 1, options.folds);
    // So that a signal, and the bar, get their turn.
    await new Promise((resolve) => setImmediate(resolve));
    return answers;
  });
}

/** Probabilities by networks that are trained from nothing: of each fold by one that has not seen it. */
export async function networkProbabilities(
  {hashed, onFold, ...options}: FoldOptions,
  usable: number[],
  training: Pick<NetworkFoldOptions, 'cacheDir' | 'events' | 'onAnswer'>,
  configuration = FOLD_CONFIGURATION,
): Promise<Probabilities> {
  const {dataset, hashes} = hashed;
  const kept = {...dataset, files: usable.map((index) => dataset.files[index])};
  const keptHashes = usable.map((index) => hashes[index]);
  const folds = foldsOf(keptHashes, options.folds);
  const store = storeOf(options, hashed, 'network', usable, configuration);
  return inFolds(usable, folds, options.folds, dataset.labels.length, async (fold, length) => {
    options.signal.throwIfAborted();
    const finished = store.read(fold, length);
    const {signal} = options;
    const given = {
      hashed: {dataset: kept, hashes: keptHashes},
      folds,
      fold,
      folder: store.folder,
      configuration,
      signal,
    };
    const answers = finished ?? (await networkFold({...given, ...training}));
    if (!finished) store.write(fold, answers);
    onFold(fold + 1, options.folds);
    return answers;
  });
}

function storeOf(
  {folds, out}: Pick<FoldOptions, 'folds' | 'out'>,
  {dataset: {files, labels}, hashes}: FoldOptions['hashed'],
  method: string,
  usable: readonly number[],
  settings: unknown,
): FoldFiles {
  const pictures = usable.map((index) => ({sha256: hashes[index].sha256, label: files[index].label}));
  return new FoldFiles(out, foldKey({method, folds, pictures, labels, settings}));
}

/** Puts the answers of each fold in the places of its pictures. */
async function inFolds(
  files: number[],
  folds: ArrayLike<number>,
  count: number,
  classes: number,
  answer: (fold: number, length: number) => Promise<Float64Array>,
): Promise<Probabilities> {
  const rows = new Float64Array(files.length * classes);
  for (let fold = 0; fold < count; fold++) {
    const places = files.flatMap((_, at) => (folds[at] === fold ? [at] : []));
    const answers = await answer(fold, places.length * classes);
    for (const [i, at] of places.entries()) rows.set(answers.subarray(i * classes, (i + 1) * classes), at * classes);
  }
  return {files, rows};
}
