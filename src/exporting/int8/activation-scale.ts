/** How float32 numbers become uint8 ones: q = round(x / scale) + zeroPoint, from 0 to 255. */
export interface ActivationScale {
  scale: number;
  zeroPoint: number;
}

const LEVELS = 255;

/** The scale for numbers from `low` to `high`. Zero is one of its levels, as padding needs, so that both are widened to it. */
export function scaleFor(low: number, high: number): ActivationScale {
  const [from, to] = [Math.min(0, low), Math.max(0, high)];
  const scale = Math.fround((to - from) / LEVELS);
  return scale > 0 ? {scale, zeroPoint: Math.round(-from / scale)} : {scale: 1, zeroPoint: 0};
}
