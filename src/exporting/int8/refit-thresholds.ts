import {defined} from '../../common/defined.ts';
import {SCORES, type ScoreName} from '../../model/outputs.ts';
import type {Scores, Thresholds} from '../../model/rejection.ts';
import type {Answers} from '../compare/answers.ts';
import {confidencesOf} from '../compare/measure-answers.ts';

/**
 * Thresholds that the same share of pictures passes as before.
 *
 * @param before what the model that the thresholds are of says of pictures, some as they are and some as another camera would show
 *   them: many of these are near the thresholds
 * @param after what the other model says of the same pictures
 */
export function refitThresholds(thresholds: Thresholds, before: Answers, after: Answers): Thresholds {
  const {sure, captureLimit, unlike, sameCamera} = thresholds;
  const [from, to] = [before, after].map(confidencesOf);
  const confidence = (threshold: number) => matchingValue(threshold, from, to);
  const score = (name: ScoreName, threshold: number) =>
    matchingValue(threshold, before.scores[name] ?? [], after.scores[name] ?? []);
  const scores = (given: Scores): Scores => {
    const declared = SCORES.filter((name) => given[name] !== undefined);
    const refitted = Object.fromEntries(declared.map((name) => [name, score(name, given[name]!)]));
    return {confidence: confidence(given.confidence), ...refitted};
  };
  return {
    ...scores(thresholds),
    ...defined({
      sure: sure === undefined ? undefined : confidence(sure),
      captureLimit: captureLimit === undefined ? undefined : score('capture', captureLimit),
      unlike: unlike && {
        strangeness: score('strangeness', unlike.strangeness),
        sizeNovelty: score('sizeNovelty', unlike.sizeNovelty),
      },
      sameCamera: sameCamera && scores(sameCamera),
    }),
  };
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
