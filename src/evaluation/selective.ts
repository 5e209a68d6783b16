/** An answer, as far as it says how much it is to be trusted, and whether it was right. */
export interface JudgedAnswer {
  known: boolean;
  confidence: number;
  right: boolean;
}

/** How often answers are right where the least trusted are left out. */
export interface SelectiveAccuracy {
  /** The share of the answers that is looked at. */
  coverage: number;
  accuracy: number;
  /** How many these are. */
  images: number;
}

/**
 * Share of right answers among the most trusted: those that are known before those that are not, then by confidence; the
 * first of equal ones.
 *
 * @param coverage share of the answers to look at, rounded up to whole ones
 */
export function selectiveAccuracy(answers: readonly JudgedAnswer[], coverage: number): SelectiveAccuracy {
  // In millionths: 0.07 * 100 is a little more than 7.
  const images = Math.ceil(Math.round(answers.length * coverage * 1e6) / 1e6);
  const trusted = [...answers]
    .sort((a, b) => Number(b.known) - Number(a.known) || b.confidence - a.confidence)
    .slice(0, images);
  const right = trusted.filter((answer) => answer.right).length;
  return {coverage, accuracy: images === 0 ? 0 : right / images, images};
}
