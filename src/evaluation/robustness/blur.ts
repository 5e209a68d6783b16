import type {Frame} from '../../image/frame.ts';

/** The kernel is cut off at this many standard deviations, which loses a thousandth of its weight. */
const REACH = 3.3;

/** Weights of a Gaussian at whole pixels from -radius to radius, with sum 1. */
export function gaussianWeights(sigma: number): Float64Array {
  const radius = Math.max(1, Math.ceil(REACH * sigma));
  const weights = Float64Array.from({length: 2 * radius + 1}, (_, i) =>
    Math.exp(-((i - radius) ** 2) / (2 * sigma ** 2)),
  );
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => weight / sum);
}

/**
 * Gaussian blur, rows first, then columns. Border pixels are repeated beyond the border.
 *
 * @param sigma standard deviation in pixels of the frame
 */
export function blur({width, height, data}: Frame, sigma: number): Frame {
  const blurred = new Uint8ClampedArray(blurChannels(data, width, height, 3, sigma));
  return {width, height, data: new Uint8Array(blurred.buffer)};
}

/** Gaussian blur of any number of interleaved channels, without rounding. */
export function blurChannels(
  data: ArrayLike<number>,
  width: number,
  height: number,
  channels: number,
  sigma: number,
): Float32Array {
  const weights = gaussianWeights(sigma);
  const radius = (weights.length - 1) / 2;
  const stride = width * channels;
  const blurred = new Float32Array(stride * height);
  // Ring buffer of horizontally blurred rows: a new row replaces one that is no longer needed.
  const ring = Array.from({length: weights.length}, () => new Float32Array(stride));
  const padded = new Float32Array(stride + 2 * radius * channels);
  let next = 0;
  for (let y = 0; y < height; y++) {
    for (; next <= Math.min(height - 1, y + radius); next++)
      blurRow(data, next * stride, channels, weights, padded, ring[next % ring.length]);
    const row = blurred.subarray(y * stride, (y + 1) * stride);
    for (let k = 0; k < weights.length; k++) {
      const source = ring[Math.min(height - 1, Math.max(0, y + k - radius)) % ring.length];
      addScaled(row, source, 0, weights[k]);
    }
  }
  return blurred;
}

function blurRow(
  data: ArrayLike<number>,
  start: number,
  channels: number,
  weights: Float64Array,
  padded: Float32Array,
  out: Float32Array,
): void {
  const margin = ((weights.length - 1) / 2) * channels;
  for (let i = 0; i < out.length; i++) padded[margin + i] = data[start + i];
  for (let i = 0; i < margin; i++) {
    padded[i] = data[start + (i % channels)];
    padded[margin + out.length + i] = data[start + out.length - channels + (i % channels)];
  }
  out.fill(0);
  for (let k = 0; k < weights.length; k++) addScaled(out, padded, k * channels, weights[k]);
}

function addScaled(target: Float32Array, source: Float32Array, offset: number, weight: number): void {
  for (let i = 0; i < target.length; i++) target[i] += weight * source[offset + i];
}
