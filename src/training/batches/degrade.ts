import type {GrainPatch} from '../../image/window/patch.ts';
import type {Random} from '../random.ts';

/** A blur with a smaller standard deviation in pixels changes no 8-bit level. */
const MIN_SIGMA = 0.3;
/** The Gaussian is cut off at this many standard deviations. */
const CUT_OFF = 2.5;

/**
 * Blurs a patch like a lens out of focus, by convolution with a Gaussian. The size does not change; padding is black.
 *
 * @param sigma standard deviation in pixels of the patch
 * @returns the patch itself if there is nothing to blur
 */
export function blurred(patch: GrainPatch, sigma: number): GrainPatch {
  if (sigma < MIN_SIGMA) return patch;
  const {width, height} = patch;
  const weights = gaussian(sigma);
  const radius = weights.length - 1;
  const stride = width * 3;
  // Black padding around the lines saves checks at their ends.
  const line = new Float64Array(stride + 6 * radius);
  const lines = new Float64Array(stride * (height + 2 * radius));
  const row = new Uint8Array(stride);
  for (let y = 0; y < height; y++) {
    line.set(patch.data.subarray(y * stride, (y + 1) * stride), 3 * radius);
    convolve(line, 3 * radius, 3, weights, row);
    lines.set(row, (radius + y) * stride);
  }
  const data = new Uint8Array(stride * height);
  convolve(lines, stride * radius, stride, weights, data);
  return {...patch, data};
}

/** The central weight and those of one side; with the other side they sum to 1. */
function gaussian(sigma: number): Float64Array {
  const radius = Math.ceil(CUT_OFF * sigma);
  const weights = Float64Array.from({length: radius + 1}, (_, i) => Math.exp(-(i * i) / (2 * sigma * sigma)));
  const sum = weights.reduce((total, weight, i) => total + (i === 0 ? weight : 2 * weight), 0);
  return weights.map((weight) => weight / sum);
}

/** Fills `to` with RGB pixels: weighted sums of the pixels from `start` on and their neighbors at multiples of `step`. */
function convolve(from: Float64Array, start: number, step: number, weights: Float64Array, to: Uint8Array): void {
  for (let i = 0, at = start; i < to.length; i += 3, at += 3) {
    let red = weights[0] * from[at];
    let green = weights[0] * from[at + 1];
    let blue = weights[0] * from[at + 2];
    for (let k = 1, before = at - step, behind = at + step; k < weights.length; k++, before -= step, behind += step) {
      const weight = weights[k];
      red = red + weight * from[before] + weight * from[behind];
      green = green + weight * from[before + 1] + weight * from[behind + 1];
      blue = blue + weight * from[before + 2] + weight * from[behind + 2];
    }
    to[i] = red + 0.5;
    to[i + 1] = green + 0.5;
    to[i + 2] = blue + 0.5;
  }
}

/** Adds normally distributed noise to all pixels that are not background, in place; `sigma` in levels. */
export function addNoise(pixels: Uint8Array, sigma: number, random: Random): void {
  for (let i = 0; i < pixels.length; i += 3) {
    if ((pixels[i] | pixels[i + 1] | pixels[i + 2]) === 0) continue;
    for (let c = 0; c < 3; c++)
      pixels[i + c] = Math.max(0, Math.min(255, pixels[i + c] + sigma * random.normal() + 0.5));
  }
}
