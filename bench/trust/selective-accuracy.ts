import type {MeasuredAnswer} from './measure-answers.ts';

export interface SelectiveAccuracy {
  /** Answers that were kept. */
  images: number;
  /** Share of them that are right. */
  accuracy: number;
}

/**
 * How often a model is right where it may decline some answers: those that it calls unknown first, then the least
 * confident (El-Yaniv and Wiener 2010).
 *
 * @param coverage share of the answers that have to be kept, 0 to 1
 */
export function selectiveAccuracy(
  answers: readonly Pick<MeasuredAnswer, 'right' | 'known' | 'confidence'>[],
  coverage: number,
): SelectiveAccuracy {
  const ranked = [...answers].sort((a, b) => Number(b.known) - Number(a.known) || b.confidence - a.confidence);
  const kept = ranked.slice(0, Math.ceil(coverage * ranked.length));
  return {images: kept.length, accuracy: kept.filter(({right}) => right).length / kept.length};
}
