/** Why an answer is not to be believed, in the order in which it is looked for: the first that holds is given. */
export const REASONS = [
  'no grain',
  'several grains',
  'not one of the known varieties',
  'capture too different to be sure',
  'low confidence',
] as const;
export type Reason = (typeof REASONS)[number];

/** What a model says of a picture beside its label. */
export interface Scores {
  confidence: number;
  /** How far the grain is from all varieties; missing where the model does not tell. */
  novelty?: number;
  /** How far scale, color and brightness are from those of the training pictures; missing where the model does not tell. */
  capture?: number;
}

/** Confidences below and other scores above are reasons for doubt; those that are missing are asked of nothing. */
export interface Thresholds extends Scores {
  /** The confidence that is asked for instead where the capture is at twice its threshold or beyond. */
  sure?: number;
}

/**
 * The doubt that the scores give. A capture that differs is none while the confidence is high, but the more it differs, the
 * higher that has to be: what a network has not seen it may be surely wrong about.
 */
export function doubtOf({confidence, novelty, capture}: Scores, thresholds: Thresholds): Reason | undefined {
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
