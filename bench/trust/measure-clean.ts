import {join} from 'node:path';
import {RiceError} from '../../src/errors.ts';
import {type Evaluation, evaluate} from '../../src/evaluation/evaluate.ts';
import type {Selection} from '../../src/evaluation/select-files.ts';
import type {Classifier, ClassifierOptions} from '../../src/model/classifier.ts';
import {classifyPictures} from '../../src/prediction/classify-pictures.ts';
import type {PictureSource} from '../../src/prediction/picture.ts';
import {type RankedAnswer, type SelectiveAccuracy, selectiveAccuracy} from './selective-accuracy.ts';

export interface CleanFigures {
  evaluation: Evaluation;
  /** Share of the pictures that the model does not call unknown. */
  accepted: number;
  selective: SelectiveAccuracy;
}

/** The share of answers that selective accuracy keeps. */
export const COVERAGE = 0.99;

/** The pictures as they are. */
export async function measureClean(
  classifier: Classifier,
  load: ClassifierOptions,
  {dataset, files}: Selection,
  onProgress: (progress: {done: number}) => void,
): Promise<CleanFigures> {
  const answers: {path: string; known: boolean; confidence: number}[] = [];
  const measured = {
    model: classifier.model,
    async *classify(pictures: PictureSource) {
      for await (const batch of classifyPictures(classifier, pictures, {load})) {
        for (const {picture, answer} of batch)
          if (!(answer instanceof RiceError)) answers.push({path: picture.path, ...answer});
        yield batch;
      }
    },
  };
  const evaluation = await evaluate({classifier: measured, dataset, files, onProgress});
  const wrong = new Set(evaluation.mistakes.map(({path}) => join(dataset.root, path)));
  const ranked = answers.map((answer): RankedAnswer => ({...answer, right: !wrong.has(answer.path)}));
  return {
    evaluation,
    accepted: 1 - evaluation.unknown / evaluation.images,
    selective: selectiveAccuracy(ranked, COVERAGE),
  };
}
