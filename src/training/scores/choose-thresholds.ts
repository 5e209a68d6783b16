import type {Thresholds} from '../../model/rejection.ts';
import type {DistanceScores} from './fit-distances.ts';
import {quantile} from './quantile.ts';

/** The share of unchanged images whose confidence counts as low. */
const LOW_CONFIDENCE_SHARE = 0.0045;
/** Upper and lower bound of the confidence threshold, whatever the confidences on the validation images. */
const MAX_CONFIDENCE = 0.97;
const MIN_CONFIDENCE = 0.5;
/** Of the accepted images of an unusual size, at most this share may be wrong. */
const SELECTIVE_RISK = 0.005;
/** Bounds of the confidence that is required if capture or size is far from usual, and what it is without images to tell. */
const MIN_SURE = 0.97;
const MAX_SURE = 0.995;
/** Fewest images of an unusual size by which it is chosen. */
const ENOUGH = 200;
/** The share of changed images whose capture is not too far for any answer. */
const WITHIN_LIMIT = 0.92;
/** The limit is never below this multiple of the usual capture. */
const MIN_LIMIT = 1.5;
/** Size and color that are both so far from all varieties are those of another camera. */
const UNLIKE = {strangeness: 1.4, sizeNovelty: 0.8};
/**
 * With the training's camera nearly all captures are below this. What is strange is stricter than elsewhere: two to three of a
 * hundred grains of known varieties are rejected, so that nineteen of twenty of an unknown one are.
 */
const SAME_CAMERA = {capture: 1.5, strangeness: 0.93, sizeNovelty: 0.9};
const ROUNDING_SLACK = 1e-5;

/** What is known of validation images: scores, confidences, and whether the most probable label is right. */
export interface JudgedImages extends DistanceScores {
  confidences: ArrayLike<number>;
  right: readonly boolean[];
}

/**
 * Chooses the thresholds on validation images, as they are and as another camera would show them: few of the former may be
 * rejected, and few of the latter accepted and wrong (selective risk: Geifman and El-Yaniv 2017, arXiv:1705.08500).
 */
export function chooseThresholds(usual: JudgedImages, changed: JudgedImages): Thresholds {
  const low = quantile(usual.confidences, LOW_CONFIDENCE_SHARE);
  const confidence = Math.min(MAX_CONFIDENCE, Math.max(MIN_CONFIDENCE, low)) - ROUNDING_SLACK;
  const {capture} = changed;
  if (!capture || !usual.capture) return {confidence, novelty: 1};
  const captureLimit = Math.max(MIN_LIMIT, quantile(capture, WITHIN_LIMIT));
  const unusual = changed.right.flatMap((_, i) =>
    changed.novelty[i] <= 1 && capture[i] <= captureLimit && (changed.sizeNovelty?.[i] ?? 0) > 1 ? [i] : [],
  );
  return {
    confidence,
    novelty: 1,
    capture: 1,
    sizeNovelty: 1,
    sure: unusual.length < ENOUGH ? MAX_SURE : Math.max(confidence, sureFrom(changed, unusual)),
    captureLimit,
    unlike: UNLIKE,
    sameCamera: {confidence, novelty: 1, ...SAME_CAMERA},
  };
}

/** The smallest confidence from which at most `SELECTIVE_RISK` of the answers are wrong, within the bounds. */
function sureFrom({confidences, right}: JudgedImages, indices: readonly number[]): number {
  const descending = [...indices].sort((a, b) => confidences[b] - confidences[a]);
  let wrong = 0;
  let sure = MAX_SURE;
  descending.forEach((index, place) => {
    if (!right[index]) wrong++;
    if (wrong <= SELECTIVE_RISK * (place + 1)) sure = confidences[index];
  });
  return Math.min(MAX_SURE, Math.max(MIN_SURE, sure));
}
