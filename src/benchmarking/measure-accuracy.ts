import type {Interval} from '../common/wilson-interval.ts';
import {evaluate} from '../evaluation/evaluate.ts';
import type {Selection} from '../evaluation/select-files.ts';
import {Classifier, type ClassifierOptions} from '../model/classifier.ts';
import {classifyPictures} from '../prediction/classify-pictures.ts';

/** How often a model is right on a device. */
export interface Accuracy {
  images: number;
  accuracy: number;
  /** Of 95 %. */
  interval: Interval;
  /** Answers "unknown". */
  unknown: number;
  /** Pictures that could not be read. */
  errors: number;
  /** Of the pictures, those that the first model names alike; null for the first itself. */
  sameAsFirst: number | null;
}

/** The label that was answered, by the index of the file. */
export type Answers = Map<number, string>;

/**
 * Evaluates a model on labeled pictures.
 *
 * @param first what the first model answered
 * @throws RiceError as `evaluate`; the reason of the signal
 */
export async function measureAccuracy(
  load: ClassifierOptions,
  {dataset, files}: Selection,
  {
    first,
    onProgress,
    signal,
  }: {first?: Answers | undefined; onProgress?: (done: number) => void; signal?: AbortSignal | undefined},
): Promise<{accuracy: Accuracy; answers: Answers}> {
  const {threads = 1} = load;
  const classifier = await Classifier.load(load);
  const answers: Answers = new Map();
  try {
    const evaluation = await evaluate({
      classifier: {
        model: classifier.model,
        classify: (pictures) => classifyPictures(classifier, pictures, {load, threads}),
      },
      dataset,
      files,
      onProgress: ({done}) => onProgress?.(done),
      onAnswer: ({file, predicted}) => answers.set(file, predicted),
      ...(signal ? {signal} : {}),
    });
    const {images, accuracy, interval, unknown, errors} = evaluation;
    const same = first && [...answers].filter(([file, label]) => first.get(file) === label).length;
    return {
      accuracy: {images, accuracy, interval, unknown, errors: errors.length, sameAsFirst: same ?? null},
      answers,
    };
  } finally {
    await classifier.release();
  }
}
