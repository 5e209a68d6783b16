import type {QuantizedAccuracy} from '../../model/metadata.ts';

/** By how much a quantized model may be worse, as shares of all pictures. */
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

/** In what a model is worse than before by more than the limits. */
export function worseThanAllowed(before: QuantizedAccuracy, after: QuantizedAccuracy): Worse[] {
  return (Object.keys(LIMITS) as (keyof QuantizedAccuracy)[]).flatMap((what) => {
    const worse = what === 'accuracy' ? before[what] - after[what] : after[what] - before[what];
    return worse > LIMITS[what] + ROUNDING
      ? [{what, before: before[what], after: after[what], limit: LIMITS[what]}]
      : [];
  });
}

/** So many known pictures are needed for the accuracy's limit to be more than one of them. */
export const ENOUGH = Math.round(1 / LIMITS.accuracy);
