import {join} from 'node:path';
import {byCodePoint} from '../common/code-point-order.ts';
import {RiceError} from '../common/errors.ts';
import {perSecond} from '../common/rate.ts';
import {type Interval, wilsonInterval} from '../common/wilson-interval.ts';
import type {Dataset} from '../dataset/dataset.ts';
import type {FileError} from '../dataset/file-error.ts';
import type {Reason} from '../model/rejection.ts';
import {type Picture, type PictureSource, PORTION} from '../prediction/picture.ts';
import {type ReasonCounts, ReasonTally} from '../prediction/reason-tally.ts';
import {type Calibration, calibration} from './calibration.ts';
import {confusionMatrix} from './confusion.ts';
import {matchLabels} from './match-labels.ts';
import {accuracy, type ClassMetrics, perClassMetrics} from './metrics.ts';
import {type JudgedAnswer, type SelectiveAccuracy, selectiveAccuracy} from './selective.ts';

/** The model to evaluate, and a function that classifies pictures with it, in order. */
export interface EvaluatedClassifier {
  readonly model: {name: string; version: string; sha256: string; labels: string[]};
  classify(pictures: PictureSource): AsyncIterable<Evaluated[]>;
}

interface Evaluated {
  answer: {label: string; confidence: number; known: boolean; reason?: Reason} | RiceError;
}

export interface EvaluationProgress {
  done: number;
  total: number;
  imagesPerSecond: number;
}

export interface EvaluateOptions {
  classifier: EvaluatedClassifier;
  dataset: Dataset;
  /** Indices of the files to evaluate; all by default. */
  files?: readonly number[];
  onProgress?: (progress: EvaluationProgress) => void;
  /** Called with each answer, in the order of the files. */
  onAnswer?: (answer: FileAnswer) => void;
  signal?: AbortSignal;
}

/** What a picture was answered with. */
export interface FileAnswer {
  /** Index of the file in the dataset. */
  file: number;
  /** The true label. */
  label: string;
  predicted: string;
  confidence: number;
  known: boolean;
}

export interface Mistake {
  /** Relative to the root of the dataset. */
  path: string;
  /** The true label. */
  label: string;
  predicted: string;
  confidence: number;
}

/** A picture that was answered "unknown". */
export interface UnknownPicture extends Mistake {
  /** Missing if the model gave none. */
  reason?: Reason;
}

export interface Evaluation {
  model: EvaluatedClassifier['model'];
  /** Number of classified images. */
  images: number;
  /** Share of right answers, and its 95 % confidence interval. */
  accuracy: number;
  interval: Interval;
  /** Number of "unknown" answers: the image is probably none of the labels. They count as answers. */
  unknown: number;
  /** How often each reason for "unknown" occurred. */
  reasons: ReasonCounts;
  /** The accuracy of the most trusted answers. */
  selective: SelectiveAccuracy;
  perClass: Record<string, ClassMetrics>;
  /** Rows are true labels, columns predicted ones. */
  confusion: {labels: string[]; matrix: number[][]};
  calibration: Calibration;
  /** The most confident first. */
  mistakes: Mistake[];
  /** Those that were answered "unknown", with the nearest label, which may be right. The most confident first. */
  unknowns: UnknownPicture[];
  /** Images that could not be read or decoded. */
  errors: FileError[];
  seconds: number;
  imagesPerSecond: number;
}

/** An evaluation without the model, whose digest changes when the result is written into its file. */
export type Measured = Omit<Evaluation, 'model'>;

/** Coverage of the selective accuracy: one answer in a hundred may be left to a person. */
const COVERAGE = 0.99;

interface Answers {
  truth: number[];
  predicted: number[];
  judged: JudgedAnswer[];
  reasons: ReasonTally;
  mistakes: Mistake[];
  unknowns: UnknownPicture[];
  errors: FileError[];
}

/**
 * Evaluates a classifier on a dataset whose folders are named after its labels. A file that cannot be read or decoded
 * becomes an entry in `errors`.
 *
 * @throws RiceError DATASET_LABELS if a folder is not a label of the model, NO_IMAGES if no image could be classified;
 *   the reason of the signal
 */
export async function evaluate(options: EvaluateOptions): Promise<Evaluation> {
  const {classifier, dataset, onProgress, onAnswer, signal} = options;
  const {labels} = classifier.model;
  const labelOf = matchLabels(dataset.labels, labels);
  const files = options.files ?? dataset.files.map((_, i) => i);
  const answers: Answers = {
    truth: [],
    predicted: [],
    judged: [],
    mistakes: [],
    unknowns: [],
    errors: [],
    reasons: new ReasonTally(),
  };
  const started = performance.now();
  const seconds = () => (performance.now() - started) / 1000;
  let done = 0;
  for await (const batch of classifier.classify(picturesIn(dataset, files))) {
    signal?.throwIfAborted();
    for (const {answer} of batch) {
      const file = files[done++];
      const label = labels[labelOf[dataset.files[file].label]];
      record(answer, dataset.files[file], labelOf, labels, answers);
      if (onAnswer && !(answer instanceof RiceError)) onAnswer({file, label, ...answered(answer)});
    }
    onProgress?.({done, total: files.length, imagesPerSecond: perSecond(done, seconds() * 1000)});
  }
  signal?.throwIfAborted();
  if (answers.truth.length === 0) throw noAnswers(dataset, answers.errors);
  return summarize(classifier.model, answers, seconds());
}

function answered({label: predicted, confidence, known}: Exclude<Evaluated['answer'], RiceError>) {
  return {predicted, confidence, known};
}

async function* picturesIn({root, files}: Dataset, indices: readonly number[]): AsyncGenerator<Picture[]> {
  for (let start = 0; start < indices.length; start += PORTION)
    yield indices.slice(start, start + PORTION).map((index) => ({path: join(root, files[index].path)}));
}

function record(
  answer: Evaluated['answer'],
  {path, label}: Dataset['files'][number],
  labelOf: readonly number[],
  labels: readonly string[],
  answers: Answers,
): void {
  if (answer instanceof RiceError) {
    answers.errors.push({path, code: answer.code, message: answer.message});
    return;
  }
  const truth = labelOf[label];
  const predicted = labels.indexOf(answer.label);
  answers.truth.push(truth);
  answers.predicted.push(predicted);
  const {confidence, known, reason} = answer;
  answers.judged.push({known, confidence, right: truth === predicted});
  if (reason) answers.reasons.add(reason);
  const picture = {path, label: labels[truth], predicted: answer.label, confidence};
  if (truth !== predicted) answers.mistakes.push(picture);
  if (!known) answers.unknowns.push({...picture, ...(reason ? {reason} : {})});
}

function summarize(model: EvaluatedClassifier['model'], answers: Answers, seconds: number): Evaluation {
  const {truth, predicted, judged, reasons, mistakes, unknowns, errors} = answers;
  const matrix = confusionMatrix(truth, predicted, model.labels.length);
  const metrics = perClassMetrics(matrix);
  return {
    model,
    images: truth.length,
    accuracy: accuracy(matrix),
    interval: wilsonInterval(truth.length - mistakes.length, truth.length),
    unknown: judged.filter(({known}) => !known).length,
    reasons: reasons.counts(),
    selective: selectiveAccuracy(judged, COVERAGE),
    perClass: Object.fromEntries(model.labels.map((label, i) => [label, metrics[i]])),
    confusion: {labels: model.labels, matrix},
    calibration: calibration(
      judged.map(({confidence}) => confidence),
      judged.map(({right}) => right),
    ),
    mistakes: mistakes.sort(bySurest),
    unknowns: unknowns.sort(bySurest),
    errors,
    seconds,
    imagesPerSecond: perSecond(truth.length, seconds * 1000),
  };
}

function bySurest(a: Mistake, b: Mistake): number {
  return b.confidence - a.confidence || byCodePoint(a.path, b.path);
}

function noAnswers({root}: Dataset, errors: FileError[]): RiceError {
  const reason = errors[0] ? `${errors[0].path}: ${errors[0].message}` : 'there are none';
  return new RiceError('NO_IMAGES', `none of the pictures in ${root} could be classified: ${reason}`, {
    suggestions: ['Check the first one; the others probably have the same problem.'],
  });
}
