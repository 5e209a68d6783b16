import type {GrainPatch} from '../../image/patch.ts';
import type {Random} from '../random.ts';

/** Blurs of a smaller standard deviation in pixels change nothing that bytes can show. */
const LEAST_SIGMA = 0.3;
/** So many standard deviations of a Gaussian are kept on either side. */
const REACH = 2.5;

/**
 * A patch as a lens out of focus would show it: convolved with a Gaussian. Its size stays: beyond the patch all is black.
 *
 * @param sigma standard deviation in pixels of the patch
 * @returns the patch itself where there is nothing to blur
 */
export function blurred(patch: GrainPatch, sigma: number): GrainPatch {
  if (sigma < LEAST_SIGMA) return patch;
  const {width, height} = patch;
  const weights = gaussian(sigma);
  const rows = new Uint8Array(width * height * 3);
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) convolve(patch.data, rows, y * width * 3, 3, width, weights);
  for (let x = 0; x < width; x++) convolve(rows, data, x * 3, width * 3, height, weights);
  return {...patch, data};
}

/** Weights of the middle and of one side, which sum to 1 with the other side. */
function gaussian(sigma: number): Float64Array {
  const radius = Math.ceil(REACH * sigma);
  const weights = Float64Array.from({length: radius + 1}, (_, i) => Math.exp(-(i * i) / (2 * sigma * sigma)));
  const sum = weights.reduce((total, weight, i) => total + (i === 0 ? weight : 2 * weight), 0);
  return weights.map((weight) => weight / sum);
}

/** One line of RGB pixels, the first at \`start\` and each \`step\` bytes behind the one before. */
function convolve(
  from: Uint8Array,
  to: Uint8Array,
  start: number,
  step: number,
  count: number,
  weights: Float64Array,
): void {
  for (let pixel = 0, at = start; pixel < count; pixel++, at += step) {
    for (let c = 0; c < 3; c++) {
      let sum = weights[0] * from[at + c];
      for (let k = 1; k < weights.length; k++) {
        if (pixel >= k) sum += weights[k] * from[at + c - k * step];
        if (pixel + k < count) sum += weights[k] * from[at + c + k * step];
      }
      to[at + c] = sum + 0.5;
    }
  }
}

/** Adds normally distributed noise to all that is not background, in place; \`sigma\` in levels. */
export function addNoise(pixels: Uint8Array, sigma: number, random: Random): void {
  for (let i = 0; i < pixels.length; i += 3) {
    if ((pixels[i] | pixels[i + 1] | pixels[i + 2]) === 0) continue;
    for (let c = 0; c < 3; c++)
      pixels[i + c] = Math.max(0, Math.min(255, pixels[i + c] + sigma * random.normal() + 0.5));
  }
}
