import type {Background} from './background.ts';

/** Backgrounds up to this level count as black: the soft edge on them is right as it is. */
const DARK_LEVEL = 24;
/** From this share of the grain's mean distance to the background on, a pixel of the edge is all grain. */
const OPAQUE_SHARE = 0.8;

/** What it takes to put the edge of a grain on black. */
export interface Matte {
  background: Background;
  /** Reciprocal of the distance from the background at which a pixel is all grain. */
  scale: number;
}

/** The matte for a background, undefined where it is black already. `contrast`: the grain's mean distance from it. */
export function matteFor(background: Background, contrast: number): Matte | undefined {
  if (Math.max(background.red, background.green, background.blue) <= DARK_LEVEL) return undefined;
  return {background, scale: 1 / (contrast * OPAQUE_SHARE)};
}

/**
 * Takes the background out of one pixel of the edge, in place. Such a pixel is `alpha * grain + (1 - alpha) * background`
 * (Porter and Duff 1984); what the grain would leave on black is the first term. Alpha is estimated by how far the pixel
 * has come from the background's colour.
 */
export function putOnBlack(data: Uint8Array, i: number, {background: {red, green, blue}, scale}: Matte): void {
  const distance = Math.max(Math.abs(data[i] - red), Math.abs(data[i + 1] - green), Math.abs(data[i + 2] - blue));
  const rest = 1 - distance * scale;
  if (rest <= 0) return;
  data[i] = Math.max(0, Math.floor(data[i] - rest * red + 0.5));
  data[i + 1] = Math.max(0, Math.floor(data[i + 1] - rest * green + 0.5));
  data[i + 2] = Math.max(0, Math.floor(data[i + 2] - rest * blue + 0.5));
}
