import type {Frame} from '../../../image/frame.ts';
import {type Ground, groundRow} from '../ground.ts';

/** Channels of the network's input: brightness, and how red and blue differ from green, each relative to the ground's. */
export const CHANNELS = 3;

/** Brightness 1 / 6 above or below the ground's is 1; so is a difference of colors of 1 / 15. */
const GAINS = [6, 15, 15];
const LIMIT = 4;
/** Darker grounds have no ratios. */
const LEAST_LEVEL = 24;

/**
 * How each cell differs from the ground under it, as ratios: a shadow changes the first channel only, whatever the ground's color.
 *
 * @param into CHANNELS planes of width x height
 */
export function foregroundInput({width, height, data}: Frame, ground: Ground, into: Float32Array): void {
  const plane = width * height;
  const row = new Float32Array(width * 3);
  for (let y = 0; y < height; y++) {
    groundRow(ground, y, width, row);
    for (let x = 0; x < width; x++) {
      const i = y * width + x;
      const red = data[i * 3] / Math.max(LEAST_LEVEL, row[x * 3]);
      const green = data[i * 3 + 1] / Math.max(LEAST_LEVEL, row[x * 3 + 1]);
      const blue = data[i * 3 + 2] / Math.max(LEAST_LEVEL, row[x * 3 + 2]);
      into[i] = limited(((red + green + blue) / 3 - 1) * GAINS[0]);
      into[plane + i] = limited((red - green) * GAINS[1]);
      into[2 * plane + i] = limited((blue - green) * GAINS[2]);
    }
  }
}

function limited(value: number): number {
  return Math.max(-LIMIT, Math.min(LIMIT, value));
}
