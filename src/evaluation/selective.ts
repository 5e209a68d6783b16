/** How far an answer can be trusted, and whether it is right. */
export interface JudgedAnswer {
  known: boolean;
  confidence: number;
  right: boolean;
}

/** The accuracy without the least trusted answers. */
export interface SelectiveAccuracy {
  /** The share of the answers that counts. */
  coverage: number;
  accuracy: number;
  /** The number of answers that count. */
  images: number;
}

/**
 * Share of right answers among the most trusted ones: known answers before unknown ones, then by confidence; equal answers
 * keep their order.
 *
 * @param coverage share of the answers that counts, rounded up to a whole number
 */
export function selectiveAccuracy(answers: readonly JudgedAnswer[], coverage: number): SelectiveAccuracy {
  // Rounded to millionths first, because 0.07 * 100 is a little more than 7.
  const images = Math.ceil(Math.round(answers.length * coverage * 1e6) / 1e6);
  const trusted = [...answers]
    .sort((a, b) => Number(b.known) - Number(a.known) || b.confidence - a.confidence)
    .slice(0, images);
  const right = trusted.filter((answer) => answer.right).length;
  return {coverage, accuracy: images === 0 ? 0 : right / images, images};
}
