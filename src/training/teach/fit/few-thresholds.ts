import type {Thresholds} from '../../../model/rejection.ts';

/** Of the accepted pictures at most this share may be wrong, where a confidence can be found for which that holds. */
const SELECTIVE_RISK = 0.03;
const LEAST_CONFIDENCE = 0.5;
/** No more confidence than this is asked for of pictures of the same camera: of few pictures more cannot be known. */
const MOST_CONFIDENCE = 0.97;
/** Pictures of another size or camera must be surer, as in `chooseThresholds`. */
const SURE = 0.992;
const CAPTURE_LIMIT = 1.8;
const UNLIKE = {strangeness: 1.4, sizeNovelty: 1};
const ROUNDING_SLACK = 1e-5;

/**
 * Thresholds from few pictures: the least confidence with which at most three answers of a hundred are wrong (selective risk:
 * Geifman and El-Yaniv 2017), judged on answers that were given without a picture's fold.
 *
 * @param measuresCapture whether the network measures the capture
 */
export function chooseFewThresholds(
  confidences: ArrayLike<number>,
  right: readonly boolean[],
  measuresCapture: boolean,
): Thresholds {
  const confidence =
    Math.min(MOST_CONFIDENCE, Math.max(LEAST_CONFIDENCE, leastSafe(confidences, right))) - ROUNDING_SLACK;
  if (!measuresCapture) return {confidence, novelty: 1};
  return {
    confidence,
    novelty: 1,
    capture: 1,
    sizeNovelty: 1,
    sure: Math.max(confidence, SURE),
    captureLimit: CAPTURE_LIMIT,
    unlike: UNLIKE,
    sameCamera: {confidence, novelty: 1, capture: CAPTURE_LIMIT, strangeness: 1, sizeNovelty: 1},
  };
}

function leastSafe(confidences: ArrayLike<number>, right: readonly boolean[]): number {
  const descending = right.map((_, i) => i).sort((a, b) => confidences[b] - confidences[a]);
  let wrong = 0;
  let safe = 1;
  descending.forEach((index, place) => {
    if (!right[index]) wrong++;
    if (wrong <= SELECTIVE_RISK * (place + 1)) safe = confidences[index];
  });
  return safe;
}
