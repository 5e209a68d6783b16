import type {Evaluation} from '../../src/evaluation/evaluate.ts';
import type {Selection} from '../../src/evaluation/select-files.ts';
import type {Classifier, ClassifierOptions} from '../../src/model/classifier.ts';
import {measureAnswers} from './measure-answers.ts';

export interface CleanFigures {
  evaluation: Evaluation;
  /** Share of the pictures that are not answered unknown. */
  accepted: number;
}

/** Evaluates on the unchanged pictures. */
export async function measureClean(
  classifier: Classifier,
  load: ClassifierOptions,
  selection: Selection,
  onProgress: (progress: {done: number}) => void,
): Promise<CleanFigures> {
  const {evaluation} = await measureAnswers(classifier, load, selection, onProgress);
  return {
    evaluation,
    accepted: 1 - evaluation.unknown / evaluation.images,
  };
}
