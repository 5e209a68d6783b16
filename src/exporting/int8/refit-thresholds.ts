import {defined} from '../../common/defined.ts';
import {SCORES} from '../../model/outputs.ts';
import type {Scores, Thresholds} from '../../model/rejection.ts';
import type {Answers} from '../compare/answers.ts';
import {confidencesOf} from '../compare/measure-answers.ts';

/** What two models say of the same pictures: the one that the thresholds are of, and the one that they are to fit. */
export interface BeforeAndAfter {
  before: Answers;
  after: Answers;
}

/**
 * Thresholds that the same share of pictures passes as before: those for pictures like the training's by such, those for others by
 * pictures as another camera would show them.
 */
export function refitThresholds(thresholds: Thresholds, usual: BeforeAndAfter, changed: BeforeAndAfter): Thresholds {
  const {sure, captureLimit, unlike, sameCamera} = thresholds;
  return {
    ...refitScores(thresholds, usual),
    ...defined({
      sure: sure === undefined ? undefined : refitConfidence(sure, changed),
      captureLimit: captureLimit === undefined ? undefined : refitScore('capture', captureLimit, changed),
      unlike: unlike && {
        strangeness: refitScore('strangeness', unlike.strangeness, changed),
        sizeNovelty: refitScore('sizeNovelty', unlike.sizeNovelty, changed),
      },
      sameCamera: sameCamera && refitScores(sameCamera, usual),
    }),
  };
}

function refitScores({confidence, ...others}: Scores, pictures: BeforeAndAfter): Scores {
  const refitted = SCORES.map((name) => {
    const threshold = others[name];
    return [name, threshold === undefined ? undefined : refitScore(name, threshold, pictures)] as const;
  });
  return {confidence: refitConfidence(confidence, pictures), ...defined(Object.fromEntries(refitted))};
}

function refitConfidence(threshold: number, {before, after}: BeforeAndAfter): number {
  return matchingValue(threshold, confidencesOf(before), confidencesOf(after));
}

function refitScore(name: (typeof SCORES)[number], threshold: number, {before, after}: BeforeAndAfter): number {
  return matchingValue(threshold, before.scores[name] ?? [], after.scores[name] ?? []);
}

/**
 * The value that lies between the sorted numbers of one list as another value lies between those of another list. Beyond all of them
 * it stays as it is, unless it would no longer be beyond all.
 *
 * @param before, after of the same length
 */
export function matchingValue(value: number, before: ArrayLike<number>, after: ArrayLike<number>): number {
  const [from, to] = [before, after].map((numbers) => Float64Array.from(numbers).sort());
  const above = from.findIndex((each) => each > value);
  if (from.length === 0) return value;
  if (above === 0) return Math.min(value, to[0]);
  if (above < 0) return Math.max(value, to[to.length - 1]);
  const share = (value - from[above - 1]) / (from[above] - from[above - 1]);
  return to[above - 1] + share * (to[above] - to[above - 1]);
}
