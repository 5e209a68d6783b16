import {roundToDigits} from '../common/round.ts';
import {SCORES, type ScoreName} from './outputs.ts';

/** The scores that a model gave, in the order of SCORES and as JSON has them: rounded to six digits. */
export function roundedScores(scores: Partial<Record<ScoreName, number>>): Partial<Record<ScoreName, number>> {
  const entries = SCORES.flatMap((name) => {
    const score = scores[name];
    return score === undefined ? [] : [[name, roundToDigits(score)] as const];
  });
  return Object.fromEntries(entries);
}
