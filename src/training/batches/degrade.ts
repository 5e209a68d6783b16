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

/**
 * Blurs a patch like a camera that moved during the exposure: the mean along a line. The size does not change; padding is
 * black.
 *
 * @param length of the line in pixels of the patch
 * @param angle of the line in radians
 * @returns the patch itself if it moved less than a pixel
 */
export function moved(patch: GrainPatch, length: number, angle: number): GrainPatch {
  const taps = Math.round(length);
  if (taps < 2) return patch;
  const {width, height, data} = patch;
  const stride = 3 * width;
  const sums = new Uint32Array(stride * height);
  for (let tap = 0; tap < taps; tap++) {
    const along = (tap + 0.5) / taps - 0.5;
    const dx = Math.round(along * length * Math.cos(angle));
    const dy = Math.round(along * length * Math.sin(angle));
    const from = 3 * Math.max(0, -dx);
    const to = stride - 3 * Math.max(0, dx);
    for (let y = Math.max(0, -dy); y < Math.min(height, height - dy); y++) {
      const source = (y + dy) * stride + 3 * dx;
      for (let i = from; i < to; i++) sums[y * stride + i] += data[source + i];
    }
  }
  const blurredData = new Uint8Array(sums.length);
  for (let i = 0; i < sums.length; i++) blurredData[i] = sums[i] / taps + 0.5;
  return {...patch, data: blurredData};
}

/**
 * A patch as a sensor with fewer pixels would have it: reduced by averaging blocks, and enlarged again linearly.
 *
 * @param factor side of a block in pixels of the patch
 * @returns the patch itself if the blocks are about single pixels
 */
export function coarsened(patch: GrainPatch, factor: number): GrainPatch {
  const {width, height} = patch;
  const columns = Math.max(2, Math.round(width / factor));
  const rows = Math.max(2, Math.round(height / factor));
  if (factor < 1.2 || columns >= width || rows >= height) return patch;
  const across = reducedLines(patch.data, width, height, columns, 3, 3 * width);
  const small = reducedLines(across, height, columns, rows, 3 * columns, 3);
  const tall = enlargedLines(small, rows, columns, height, 3 * columns, 3);
  const whole = enlargedLines(tall, columns, height, width, 3, 3 * columns);
  const rounded = new Uint8Array(whole.length);
  for (let i = 0; i < whole.length; i++) rounded[i] = whole[i] + 0.5;
  return {...patch, data: rounded};
}

/** Averages of `count` elements into `to` bins, for each of `lines` lines of RGB pixels; layout as the input. */
function reducedLines(
  from: ArrayLike<number>,
  count: number,
  lines: number,
  to: number,
  step: number,
  stride: number,
): Float32Array {
  const along = step === 3;
  const outStep = along ? 3 : step;
  const outStride = along ? 3 * to : stride;
  const result = new Float32Array(3 * to * lines);
  for (let bin = 0; bin < to; bin++) {
    const begin = Math.floor((bin * count) / to);
    const end = Math.max(begin + 1, Math.floor(((bin + 1) * count) / to));
    for (let line = 0; line < lines; line++) {
      const target = line * outStride + bin * outStep;
      for (let c = 0; c < 3; c++) {
        let sum = 0;
        for (let i = begin; i < end; i++) sum += from[line * stride + i * step + c];
        result[target + c] = sum / (end - begin);
      }
    }
  }
  return result;
}

/** Linear interpolation of `count` elements to `to`, for each of `lines` lines of RGB pixels; layout as the input. */
function enlargedLines(
  from: Float32Array,
  count: number,
  lines: number,
  to: number,
  step: number,
  stride: number,
): Float32Array {
  const along = step === 3;
  const outStep = along ? 3 : step;
  const outStride = along ? 3 * to : stride;
  const result = new Float32Array(3 * to * lines);
  for (let i = 0; i < to; i++) {
    const at = Math.min(count - 1, Math.max(0, ((i + 0.5) * count) / to - 0.5));
    const low = Math.min(count - 2, Math.floor(at));
    const share = at - low;
    for (let line = 0; line < lines; line++) {
      const source = line * stride + low * step;
      const target = line * outStride + i * outStep;
      for (let c = 0; c < 3; c++) result[target + c] = (1 - share) * from[source + c] + share * from[source + step + c];
    }
  }
  return result;
}

/** Adds normally distributed noise to all pixels that are not background, in place; `sigma` in levels. */
export function addNoise(pixels: Uint8Array, sigma: number, random: Random): void {
  for (let i = 0; i < pixels.length; i += 3) {
    if ((pixels[i] | pixels[i + 1] | pixels[i + 2]) === 0) continue;
    for (let c = 0; c < 3; c++)
      pixels[i + c] = Math.max(0, Math.min(255, pixels[i + c] + sigma * random.normal() + 0.5));
  }
}
