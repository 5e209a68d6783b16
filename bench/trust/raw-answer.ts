import type {Prediction} from '../../src/model/classifier.ts';

/** One answer, with all that it was made of: what `--dump` writes a line of. */
export interface RawAnswer {
  /** The change, `camera` or `unknown`. */
  change: string;
  /** The true label, or that of a folder. */
  label: string;
  path: string;
  /** The most probable label, also where it is rejected. */
  predicted: string;
  right: boolean;
  /** Whether the answer is accepted, by setting. */
  known: Record<string, boolean>;
  /** Why not, in the default setting. */
  reason: string | null;
  confidence: number;
  probabilities: Record<string, number>;
  novelty: number | null;
  capture: number | null;
  /** Of the grain, in pixels of the picture; null where none was found. */
  length: number | null;
  width: number | null;
  area: number | null;
  objects: number | null;
}

/** What of a prediction is kept. */
export type Predicted = Pick<
  Prediction,
  'label' | 'confidence' | 'known' | 'reason' | 'probabilities' | 'novelty' | 'capture' | 'grain'
>;

/** @param others whether the answer is accepted in settings other than the default one */
export function rawAnswer(
  {change, label, path}: Pick<RawAnswer, 'change' | 'label' | 'path'>,
  {label: predicted, confidence, known, reason, probabilities, novelty, capture, grain}: Predicted,
  others: Record<string, boolean> = {},
): RawAnswer {
  return {
    change,
    label,
    path,
    predicted,
    right: predicted === label,
    known: {default: known, ...others},
    reason: reason ?? null,
    confidence,
    probabilities,
    novelty: novelty ?? null,
    capture: capture ?? null,
    length: grain?.length ?? null,
    width: grain?.width ?? null,
    area: grain?.area ?? null,
    objects: grain?.objects ?? null,
  };
}
