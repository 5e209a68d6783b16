/** A whole audit of a folder of labeled pictures: which labels and pictures somebody should look at. */

import {defined} from '../common/defined.ts';
import {RiceError} from '../common/errors.ts';
import {summaryOf} from '../dataset/corrections/summary.ts';
import type {Dataset} from '../dataset/dataset.ts';
import {type HashedDataset, hashDataset} from '../dataset/hash-dataset.ts';
import {scanDataset} from '../dataset/scan.ts';
import {matchLabels} from '../evaluation/match-labels.ts';
import {Classifier, type ClassifierOptions} from '../model/classifier.ts';
import type {WorkerMessage} from '../training/worker/messages.ts';
import {duplicateFindings, nearDuplicateFindings} from './findings/duplicate-findings.ts';
import {findSuspects} from './findings/label-findings.ts';
import {findPictures} from './findings/picture-findings.ts';
import type {Audit} from './findings/types.ts';
import {measuredPictures} from './pictures/measured.ts';
import type {Measurement} from './pictures/measurement.ts';
import {type ModelAnswers, modelAnswers} from './probabilities/model-answers.ts';
import {type FoldOptions, headProbabilities, networkProbabilities} from './probabilities/out-of-fold-answers.ts';
import type {Method, Probabilities} from './probabilities/types.ts';

export type AuditPhase = 'hashing' | 'measuring' | 'looking' | 'folds' | 'comparing' | 'embedding';

export interface AuditEvents {
  onPhase(phase: AuditPhase, done: number, total: number): void;
  /** What the training of a fold tells. */
  onTraining(fold: number, message: WorkerMessage): void;
  onWarning(message: string): void;
}

export interface AuditOptions {
  dataset: string;
  labelsFrom?: string | undefined;
  corrections?: string | undefined;
  method: Method;
  folds: number;
  /** How the model is loaded whose features or answers are used. */
  load: ClassifierOptions;
  /** The folder of the audit. */
  out: string;
  cacheDir: string;
}

/** What the page needs beside the findings. */
export interface Audited {
  audit: Audit;
  dataset: Dataset;
  measurements: (Measurement | undefined)[];
  /** Missing where there is a single label. */
  probabilities?: Probabilities;
}

/**
 * Audits a folder of labeled pictures. It changes nothing in it.
 *
 * @throws RiceError what scanning, loading and training throw; the reason of the signal
 */
export async function auditDataset(options: AuditOptions, events: AuditEvents, signal: AbortSignal): Promise<Audited> {
  const {cacheDir, load, method} = options;
  const started = performance.now();
  const scanned = scanDataset(options.dataset, {
    minimumLabels: 1,
    ...defined({labelsFrom: options.labelsFrom, corrections: options.corrections}),
  });
  for (const note of scanned.notes) events.onWarning(note);
  const onHash = ({done, total}: {done: number; total: number}) => events.onPhase('hashing', done, total);
  const hashed = await hashDataset(scanned, {cacheDir, onProgress: onHash, signal});
  const {dataset, hashes, digest} = hashed;
  const total = dataset.files.length;
  const onProgress = (done: number) => events.onPhase('measuring', done, total);
  const {maxPixels, threads} = load;
  const measuring = {cacheDir, maxPixels, threads, onProgress, signal};
  const {measurements, errors} = await measuredPictures(hashed, measuring);
  if (errors.length === total && total > 0)
    throw new RiceError('NO_IMAGES', `none of the files in ${dataset.root} is a picture: ${errors[0].message}`);
  const several = dataset.labels.length > 1;
  if (!several) events.onWarning(`${dataset.root} has a single label, so none is searched for wrong ones`);
  const usable = dataset.files.flatMap((_, i) => (measurements[i] ? [i] : []));
  const answers = several ? await answersOf(options, hashed, usable, events, signal) : undefined;
  const labels = answers && findSuspects(dataset, answers.probabilities);
  const {findings, notes} = findPictures(dataset, measurements);
  for (const note of notes) events.onWarning(note);
  const kept = new Set(dataset.corrections?.kept);
  const onCompare = (done: number, all: number) => events.onPhase('comparing', done, all);
  const nearDuplicates = await nearDuplicateFindings(dataset, hashes, measurements, {onProgress: onCompare, signal});
  const counts = dataset.labels.map((label, i) => [label, dataset.files.filter((file) => file.label === i).length]);
  const audit: Audit = {
    dataset: {root: dataset.root, digest, images: total, labels: Object.fromEntries(counts)},
    ...(answers
      ? {method, ...(method === 'model' ? {} : {folds: options.folds}), ...defined({model: answers.model})}
      : {}),
    ...defined({corrections: dataset.corrections && summaryOf(dataset.corrections)}),
    suspects: labels?.suspects ?? [],
    ...defined({noise: labels?.noise}),
    duplicates: duplicateFindings(dataset, hashes),
    nearDuplicates,
    pictures: findings.filter(({path}) => !kept.has(path)),
    errors: [...hashed.errors, ...errors],
    seconds: (performance.now() - started) / 1000,
  };
  return {audit, dataset, measurements, ...defined({probabilities: answers?.probabilities})};
}

async function answersOf(
  options: AuditOptions,
  hashed: HashedDataset,
  usable: number[],
  events: AuditEvents,
  signal: AbortSignal,
): Promise<{probabilities: Probabilities; model?: Audit['model']}> {
  const {method, folds, out, cacheDir} = options;
  const onFold = (done: number, total: number) => events.onPhase('folds', done, total);
  const folding: FoldOptions = {hashed, folds, out, onFold, signal};
  if (method === 'network') {
    let fold = 1;
    const training = {
      onPhase() {},
      onDataset() {},
      onMessage: (message: WorkerMessage) => events.onTraining(fold, message),
      // Of the folds' own runs, which are thrown away: nothing that a user could do about it.
      onWarning() {},
    };
    const counted = {
      ...folding,
      onFold(done: number, total: number) {
        fold = done + 1;
        onFold(done, total);
      },
    };
    const onAnswer = (done: number, total: number) => events.onPhase('looking', done, total);
    return {probabilities: await networkProbabilities(counted, usable, {cacheDir, events: training, onAnswer})};
  }
  const load = {...options.load, features: true};
  const classifier = await Classifier.load(load);
  try {
    const {name, version, sha256, labels} = classifier.model;
    // Before the long part.
    const columns = method === 'model' ? matchLabels(hashed.dataset.labels, labels) : [];
    const onProgress = (done: number) => events.onPhase('looking', done, usable.length);
    const {onWarning: _, ...shared} = load;
    const answers = await modelAnswers(classifier, hashed, {load: shared, cacheDir, only: usable, onProgress, signal});
    const model = {name, version, sha256};
    if (method === 'model') return {model, probabilities: ofModel(answers, labels.length, columns)};
    if (answers.features.width === 0) throw noFeatures(name);
    return {model, probabilities: await headProbabilities(folding, model, answers)};
  } finally {
    await classifier.release();
  }
}

/** The model's own probabilities, in the order of the dataset's labels. */
function ofModel({probabilities, answered}: ModelAnswers, width: number, columns: readonly number[]): Probabilities {
  const files = answered.flatMap((is, i) => (is ? [i] : []));
  const rows = Float64Array.from({length: files.length * columns.length}, (_, at) => {
    return probabilities[files[Math.floor(at / columns.length)] * width + columns[at % columns.length]];
  });
  return {files, rows};
}

function noFeatures(name: string): RiceError {
  return new RiceError('USAGE', `the model ${name} gives no features to tell labels by`, {
    suggestions: ['Use its own answers: --method model.', 'Or train networks for it: --method network.'],
  });
}
