import type {Background} from './background.ts';

/**
 * How the background is taken out of the grain's edge. A pixel there is `alpha * grain + (1 - alpha) * background`
 * (Porter and Duff 1984); what the grain would leave on black is the first term. Alpha is estimated by how far the pixel
 * has come from the background's colour: all grain from a distance of 1 / `scale` on.
 */
export interface Matte {
  scale: number;
}

/** Backgrounds up to this level count as black: the soft edge on them is right as it is. */
const DARK_LEVEL = 24;
/** From this share of the grain's mean distance to the background on, a pixel of the edge is all grain. */
const OPAQUE_SHARE = 0.8;

/** The matte for a background, undefined where it is black already. `contrast`: the grain's mean distance from it. */
export function matteFor({red, green, blue}: Background, contrast: number): Matte | undefined {
  return Math.max(red, green, blue) <= DARK_LEVEL ? undefined : {scale: 1 / (contrast * OPAQUE_SHARE)};
}
