import {join} from 'node:path';
import {RiceError} from '../../src/common/errors.ts';
import {type Evaluation, evaluate} from '../../src/evaluation/evaluate.ts';
import type {Selection} from '../../src/evaluation/select-files.ts';
import type {Classifier, ClassifierOptions} from '../../src/model/classifier.ts';
import {classifyPictures} from '../../src/prediction/classify-pictures.ts';
import type {PictureSource} from '../../src/prediction/picture.ts';

export interface MeasuredAnswer {
  /** The true label. */
  label: string;
  /** The predicted label. */
  predicted: string;
  right: boolean;
  /** False if the model answers unknown. */
  known: boolean;
  confidence: number;
}

export interface MeasuredAnswers {
  evaluation: Evaluation;
  /** One per answered picture. */
  answers: MeasuredAnswer[];
}

/** An evaluation that also returns the individual answers. */
export async function measureAnswers(
  classifier: Classifier,
  load: ClassifierOptions,
  {dataset, files}: Pick<Selection, 'dataset' | 'files'>,
  onProgress: (progress: {done: number}) => void,
): Promise<MeasuredAnswers> {
  const given = new Map<string, {label: string; known: boolean; confidence: number}>();
  const measured = {
    model: classifier.model,
    async *classify(pictures: PictureSource) {
      for await (const batch of classifyPictures(classifier, pictures, {load})) {
        for (const {picture, answer} of batch) if (!(answer instanceof RiceError)) given.set(picture.path, answer);
        yield batch;
      }
    },
  };
  const evaluation = await evaluate({classifier: measured, dataset, files, onProgress});
  const mistakes = new Map(evaluation.mistakes.map(({path, label}) => [join(dataset.root, path), label]));
  const answers = Array.from(given, ([path, {label: predicted, known, confidence}]): MeasuredAnswer => {
    const label = mistakes.get(path) ?? predicted;
    return {label, predicted, right: !mistakes.has(path), known, confidence};
  });
  return {evaluation, answers};
}
