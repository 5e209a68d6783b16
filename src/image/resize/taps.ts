/** Interpolation kernels: triangle, or Keys' cubic with a = -0.5 (Catmull-Rom). */
export const INTERPOLATIONS = ['bilinear', 'bicubic'] as const;
export type Interpolation = (typeof INTERPOLATIONS)[number];

/** Fixed-point weights with this many fraction bits, so that sums are exact and the same on every machine. */
export const WEIGHT_BITS = 22;

interface Kernel {
  /** Half the width, in pixels of the coarser of the two grids. */
  radius: number;
  weight(distance: number): number;
}

const KERNELS: Record<Interpolation, Kernel> = {
  bilinear: {radius: 1, weight: (distance) => Math.max(0, 1 - Math.abs(distance))},
  bicubic: {radius: 2, weight: cubic},
};

/** Keys, "Cubic convolution interpolation for digital image processing" (1981), a = -0.5. */
function cubic(distance: number): number {
  const x = Math.abs(distance);
  if (x < 1) return (1.5 * x - 2.5) * x * x + 1;
  return x < 2 ? ((-0.5 * x + 2.5) * x - 4) * x + 2 : 0;
}

/** The source pixels and weights of each output pixel along one axis. */
export interface Taps {
  /** For each output pixel, the first source pixel and the number of source pixels. First and last never decrease. */
  first: Int32Array;
  count: Int32Array;
  /** `stride` weights per output pixel, of which `count` are used; these sum to 2^WEIGHT_BITS, up to rounding. */
  weights: Int32Array;
  stride: number;
}

/**
 * The taps of the output pixels [start, end) of an axis of `from` pixels resampled to `to`. When shrinking, the kernel is
 * widened by the scale ("antialias"), so that no source pixel is skipped.
 */
export function tapsOf(from: number, to: number, start: number, end: number, interpolation: Interpolation): Taps {
  const {radius, weight} = KERNELS[interpolation];
  const scale = from / to;
  const stretch = Math.max(1, scale);
  const reach = radius * stretch;
  const stride = 2 * Math.ceil(reach) + 1;
  const pixels = end - start;
  const taps = {first: new Int32Array(pixels), count: new Int32Array(pixels), stride};
  const weights = new Int32Array(pixels * stride);
  const exact = new Float64Array(stride);
  for (let i = 0; i < pixels; i++) {
    const center = (start + i + 0.5) * scale;
    const first = Math.max(0, Math.trunc(center - reach + 0.5));
    const count = Math.min(from, Math.trunc(center + reach + 0.5)) - first;
    let sum = 0;
    for (let k = 0; k < count; k++) sum += exact[k] = weight((first + k - center + 0.5) / stretch);
    for (let k = 0; k < count; k++) weights[i * stride + k] = fixedPoint(exact[k] / sum);
    taps.first[i] = first;
    taps.count[i] = count;
  }
  return {...taps, weights};
}

/** Rounds to nearest, halves away from zero. */
function fixedPoint(weight: number): number {
  const scaled = weight * 2 ** WEIGHT_BITS;
  return Math.trunc(scaled < 0 ? scaled - 0.5 : scaled + 0.5);
}
