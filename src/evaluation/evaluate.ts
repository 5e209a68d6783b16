import {byCodePoint} from '../dataset/code-point-order.ts';
import type {Dataset} from '../dataset/dataset.ts';
import type {FileError} from '../dataset/file-error.ts';
import {RiceError} from '../errors.ts';
import {type Calibration, calibration} from './calibration.ts';
import {confusionMatrix} from './confusion.ts';
import {matchLabels} from './match-labels.ts';
import {accuracy, type ClassMetrics, type Interval, perClassMetrics, wilsonInterval} from './metrics.ts';
import {type ImageBatch, readBatches} from './read-batches.ts';

/** What is needed of a classifier: batches of image files' bytes in, an answer or an error for each out. */
export interface EvaluatedClassifier {
  readonly model: {name: string; version: string; sha256: string; labels: string[]};
  classify(images: Uint8Array[]): Promise<({label: string; confidence: number; known: boolean} | RiceError)[]>;
}

export interface EvaluationProgress {
  done: number;
  total: number;
  imagesPerSecond: number;
}

export interface EvaluateOptions {
  classifier: EvaluatedClassifier;
  dataset: Dataset;
  /** Indices of the files to look at; all when left out. */
  files?: readonly number[];
  /** Images given to the classifier at once. */
  batchSize?: number;
  onProgress?: (progress: EvaluationProgress) => void;
  signal?: AbortSignal;
}

export interface Mistake {
  /** Relative to the dataset's root. */
  path: string;
  /** The true label. */
  label: string;
  predicted: string;
  confidence: number;
}

export interface Evaluation {
  model: EvaluatedClassifier['model'];
  /** Images that were answered. */
  images: number;
  /** Share of right answers, and the interval that holds the true share with 95 %. */
  accuracy: number;
  interval: Interval;
  /** Answers of which the model itself says that they are probably none of its labels. They count as answers. */
  unknown: number;
  perClass: Record<string, ClassMetrics>;
  /** Rows are true, columns predicted labels. */
  confusion: {labels: string[]; matrix: number[][]};
  calibration: Calibration;
  /** The surest first. */
  mistakes: Mistake[];
  /** Images that could not be read or decoded. */
  errors: FileError[];
  seconds: number;
  imagesPerSecond: number;
}

interface Answers {
  truth: number[];
  predicted: number[];
  confidences: number[];
  right: boolean[];
  unknown: number;
  mistakes: Mistake[];
  errors: FileError[];
}

/**
 * Holds a classifier against a dataset whose folders are named after its labels. Files are read while the batch before
 * them is classified; one that cannot be read or decoded becomes an entry in `errors`.
 *
 * @throws RiceError DATASET_LABELS when a folder is no label of the model, NO_IMAGES when not one image was answered;
 *   the signal's reason
 */
export async function evaluate(options: EvaluateOptions): Promise<Evaluation> {
  const {classifier, dataset, onProgress, signal} = options;
  const {labels} = classifier.model;
  const labelOf = matchLabels(dataset.labels, labels);
  const total = options.files?.length ?? dataset.files.length;
  const answers: Answers = {truth: [], predicted: [], confidences: [], right: [], unknown: 0, mistakes: [], errors: []};
  const started = performance.now();
  const seconds = () => (performance.now() - started) / 1000;
  let done = 0;
  for await (const batch of readBatches(dataset, options.files, options.batchSize ?? 64)) {
    signal?.throwIfAborted();
    answers.errors.push(...batch.errors);
    await classifyBatch(classifier, dataset, labelOf, batch, answers);
    done += batch.files.length + batch.errors.length;
    onProgress?.({done, total, imagesPerSecond: done / seconds()});
  }
  if (answers.truth.length === 0) throw noAnswers(dataset, answers.errors);
  return summarise(classifier.model, answers, seconds());
}

async function classifyBatch(
  classifier: EvaluatedClassifier,
  dataset: Dataset,
  labelOf: readonly number[],
  batch: ImageBatch,
  answers: Answers,
): Promise<void> {
  if (batch.files.length === 0) return;
  const {labels} = classifier.model;
  const results = await classifier.classify(batch.images);
  batch.files.forEach((file, i) => {
    const {path, label} = dataset.files[file];
    const result = results[i];
    if (result instanceof RiceError) {
      answers.errors.push({path, code: result.code, message: result.message});
      return;
    }
    const truth = labelOf[label];
    const predicted = labels.indexOf(result.label);
    answers.truth.push(truth);
    answers.predicted.push(predicted);
    answers.confidences.push(result.confidence);
    answers.right.push(truth === predicted);
    if (!result.known) answers.unknown += 1;
    if (truth !== predicted)
      answers.mistakes.push({path, label: labels[truth], predicted: result.label, confidence: result.confidence});
  });
}

function summarise(model: EvaluatedClassifier['model'], answers: Answers, seconds: number): Evaluation {
  const {truth, predicted, confidences, right, unknown, mistakes, errors} = answers;
  const matrix = confusionMatrix(truth, predicted, model.labels.length);
  const metrics = perClassMetrics(matrix);
  return {
    model,
    images: truth.length,
    accuracy: accuracy(matrix),
    interval: wilsonInterval(truth.length - mistakes.length, truth.length),
    unknown,
    perClass: Object.fromEntries(model.labels.map((label, i) => [label, metrics[i]])),
    confusion: {labels: model.labels, matrix},
    calibration: calibration(confidences, right),
    mistakes: mistakes.sort((a, b) => b.confidence - a.confidence || byCodePoint(a.path, b.path)),
    errors,
    seconds,
    imagesPerSecond: truth.length / seconds,
  };
}

function noAnswers({root}: Dataset, errors: FileError[]): RiceError {
  const reason = errors[0] ? `${errors[0].path}: ${errors[0].message}` : 'there are none';
  return new RiceError('NO_IMAGES', `none of the images in ${root} could be classified: ${reason}`);
}
