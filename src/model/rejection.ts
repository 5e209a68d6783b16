/** Why an answer is rejected, in the order in which it is looked for: the first that holds is given. */
export const REASONS = [
  'no grain',
  'several grains',
  'not one of the known varieties',
  'capture too different to be sure',
  'low confidence',
] as const;
export type Reason = (typeof REASONS)[number];

/** What each reason means and what helps, for people. */
export const REASON_HELP: Readonly<Record<Reason, string>> = {
  'no grain': 'Nothing stands out from the background. Put one grain on a plain one that is much darker or lighter.',
  'several grains': 'Only the largest was looked at. Take one grain a picture, with nothing else in it.',
  'not one of the known varieties':
    'Another variety, a broken grain, no rice, or light and scale unlike all that the model was shown. To have it known, train with pictures of it (rice train).',
  'capture too different to be sure':
    'Scale, light or color differ too much from those of the training pictures. Take it as those were, on a plain dark background, or train with pictures like yours (rice train).',
  'low confidence': 'It lies between varieties. A sharper picture, or one of the other side of the grain, may tell.',
};

/** What a model says of a picture beside its label. */
export interface Scores {
  confidence: number;
  /** How far the grain is from all varieties; missing where the model does not tell. */
  novelty?: number;
  /** How far scale, color and brightness are from those of the training pictures; missing where the model does not tell. */
  capture?: number;
}

/** Confidences below and other scores above reject an answer; those that are missing ask for nothing. */
export interface Thresholds extends Scores {
  /** The confidence that is asked for instead where the capture is at twice its threshold or beyond. */
  sure?: number;
}

/**
 * Why the scores reject an answer, if they do. A capture that differs is no reason while the confidence is high, but the more it differs, the
 * higher that has to be: what a network has not seen it may be surely wrong about.
 */
export function rejectionOf({confidence, novelty, capture}: Scores, thresholds: Thresholds): Reason | undefined {
  if (exceeds(novelty, thresholds.novelty)) return 'not one of the known varieties';
  if (confidence >= askedConfidence(capture, thresholds)) return undefined;
  return exceeds(capture, thresholds.capture) ? 'capture too different to be sure' : 'low confidence';
}

/** The same thresholds, but for the confidence, which is then asked for whatever the capture is. */
export function withConfidence(thresholds: Thresholds, confidence: number): Thresholds {
  return {...thresholds, confidence, sure: confidence};
}

/** Rises evenly from the threshold of the capture to twice that. */
function askedConfidence(capture: number | undefined, {confidence, sure, capture: usual}: Thresholds): number {
  if (capture === undefined || usual === undefined || sure === undefined) return confidence;
  const beyond = Math.min(1, Math.max(0, capture / usual - 1));
  return confidence + beyond * Math.max(0, sure - confidence);
}

function exceeds(score: number | undefined, threshold: number | undefined): boolean {
  return score !== undefined && threshold !== undefined && score > threshold;
}
