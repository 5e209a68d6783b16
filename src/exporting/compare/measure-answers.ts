import {calibration} from '../../evaluation/calibration.ts';
import type {QuantizedAccuracy} from '../../model/metadata.ts';
import {rejectionOf, type Scores, type Thresholds} from '../../model/rejection.ts';
import {type Answers, mostProbable} from './answers.ts';

/**
 * What answers are worth by some thresholds.
 *
 * @param known answers to pictures whose labels are known
 * @param unlike answers to pictures of what is none of the labels
 */
export function measureAnswers(
  known: Answers,
  labels: readonly number[],
  unlike: Answers,
  thresholds: Thresholds,
): QuantizedAccuracy {
  const right = known.probabilities.map((row, i) => mostProbable(row) === labels[i]);
  const confidences = confidencesOf(known);
  return {
    accuracy: shareOf(right, (each) => each),
    ece: calibration(confidences, right).ece,
    rejected: shareOf(scoresIn(known), (scores) => rejectionOf(scores, thresholds) !== undefined),
    unlikeAccepted: shareOf(scoresIn(unlike), (scores) => rejectionOf(scores, thresholds) === undefined),
  };
}

/** The probability of the most probable label for each window. */
export function confidencesOf({probabilities}: Answers): number[] {
  return probabilities.map((row) => Math.max(...row));
}

function scoresIn(answers: Answers): Scores[] {
  const given = Object.entries(answers.scores);
  return confidencesOf(answers).map((confidence, i) => ({
    confidence,
    ...Object.fromEntries(given.map(([name, values]) => [name, values[i]])),
  }));
}

function shareOf<Item>(items: readonly Item[], holds: (item: Item) => boolean): number {
  return items.filter(holds).length / Math.max(1, items.length);
}
