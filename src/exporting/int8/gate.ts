import type {QuantizedAccuracy} from '../../model/metadata.ts';

/** By how much a quantized model may be worse, as shares of all pictures; or by one picture, where that is more. */
export const LIMITS: Readonly<QuantizedAccuracy> = {
  accuracy: 0.0005,
  ece: 0.005,
  rejected: 0.005,
  unlikeAccepted: 0.01,
};

/** A share is a quotient, whose rounding must not decide. */
const ROUNDING = 1e-9;

export interface Worse {
  what: keyof QuantizedAccuracy;
  before: number;
  after: number;
  limit: number;
}

/**
 * In what a model is worse than before by more than the limits.
 *
 * @param pictures how many were measured: known ones, and unlike ones
 */
export function worseThanAllowed(
  before: QuantizedAccuracy,
  after: QuantizedAccuracy,
  pictures: {known: number; unlike: number},
): Worse[] {
  return (Object.keys(LIMITS) as (keyof QuantizedAccuracy)[]).flatMap((what) => {
    const worse = what === 'accuracy' ? before[what] - after[what] : after[what] - before[what];
    const one = 1 / Math.max(1, what === 'unlikeAccepted' ? pictures.unlike : pictures.known);
    const limit = Math.max(LIMITS[what], one);
    return worse > limit + ROUNDING ? [{what, before: before[what], after: after[what], limit}] : [];
  });
}

/** So many known pictures are needed for the accuracy's limit to be more than one of them. */
export const ENOUGH = Math.round(1 / LIMITS.accuracy);
