import type {Evaluation} from '../../src/evaluation/evaluate.ts';
import type {Selection} from '../../src/evaluation/select-files.ts';
import type {Classifier, ClassifierOptions} from '../../src/model/classifier.ts';
import {measureAnswers} from './measure-answers.ts';
import {type SelectiveAccuracy, selectiveAccuracy} from './selective-accuracy.ts';

export interface CleanFigures {
  evaluation: Evaluation;
  /** Share of the pictures that the model does not call unknown. */
  accepted: number;
  selective: SelectiveAccuracy;
}

/** The share of answers that selective accuracy keeps. */
const COVERAGE = 0.99;

/** The pictures as they are. */
export async function measureClean(
  classifier: Classifier,
  load: ClassifierOptions,
  selection: Selection,
  onProgress: (progress: {done: number}) => void,
): Promise<CleanFigures> {
  const {evaluation, answers} = await measureAnswers(classifier, load, selection, onProgress);
  return {
    evaluation,
    accepted: 1 - evaluation.unknown / evaluation.images,
    selective: selectiveAccuracy(answers, COVERAGE),
  };
}
