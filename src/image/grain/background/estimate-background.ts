import type {Frame} from '../../frame.ts';
import {type Kernels, LAYOUT, openKernels} from '../../kernels/kernels.ts';
import {reduceFrame, reductionFactor} from '../../resize/reduce.ts';

/** The background, estimated from the pixels along the frame's border. Colors are 0..255. */
export interface Background {
  red: number;
  green: number;
  blue: number;
  /** 90th percentile of the border pixels' distance from the color. */
  spread: number;
  /** The same, estimated from the median distance: objects over less than half of the border do not count. */
  quietSpread: number;
}

/** The color as one number, 0xBBGGRR. */
export function colorNumber({red, green, blue}: Pick<Background, 'red' | 'green' | 'blue'>): number {
  return red | (green << 8) | (blue << 16);
}

/** Borders up to this level are black. */
const BLACK_LEVEL = 24;

/** Whether the background is black, so that a grain's soft edge needs no correction and its shadow is invisible. */
export function isBlack({red, green, blue}: Background): boolean {
  return Math.max(red, green, blue) <= BLACK_LEVEL;
}

const SPREAD_QUANTILE = 0.9;
/** The 90th percentile of normally distributed distances, in multiples of their median. */
export const SPREAD_IN_MEDIANS = 2.44;
const LEVELS = 256;

/**
 * Median color of every `step`th pixel of the border, and how far the border deviates from it.
 *
 * @param frame already in the kernels' memory
 */
export function estimateBackground({width, height}: Frame, step: number, kernels: Kernels): Background {
  const pixels = 2 * (Math.ceil(width / step) + Math.ceil(height / step));
  const counts = new Uint32Array(kernels.bytes.buffer, LAYOUT.border, 4 * LEVELS).fill(0);
  kernels.functions.countBorder(LAYOUT.frame, width, height, step, LAYOUT.border);
  const [red, green, blue] = [0, 1, 2].map((channel) =>
    quantile(counts.subarray(channel * LEVELS, (channel + 1) * LEVELS), 0.5 * pixels),
  );
  const color = {red, green, blue};
  const distancesAt = LAYOUT.border + 3 * LEVELS * counts.BYTES_PER_ELEMENT;
  kernels.functions.countBorderDistances(LAYOUT.frame, width, height, step, colorNumber(color), distancesAt);
  const distances = counts.subarray(3 * LEVELS);
  return {
    ...color,
    spread: quantile(distances, SPREAD_QUANTILE * pixels),
    quietSpread: Math.round(SPREAD_IN_MEDIANS * quantile(distances, 0.5 * pixels)),
  };
}

/** The background of a frame of any size, which is reduced first if it is large. */
export function backgroundOf(frame: Frame, kernels = openKernels()): Background {
  const reduced = reduceFrame(frame, reductionFactor(frame.width, frame.height));
  kernels.place(reduced);
  return estimateBackground(reduced, 1, kernels);
}

/** The smallest value at which the cumulative count reaches `wanted`. */
function quantile(counts: Uint32Array, wanted: number): number {
  let seen = 0;
  for (let value = 0; value < LEVELS; value++) {
    seen += counts[value];
    if (seen >= wanted) return value;
  }
  return LEVELS - 1;
}
