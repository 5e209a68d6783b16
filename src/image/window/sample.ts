import type {Frame} from '../frame.ts';
import type {GrainMask} from '../grain/mask.ts';
import {type Kernels, LAYOUT} from '../kernels/kernels.ts';

/** A rotated grid of samples in the frame, in continuous coordinates: a pixel's center is at + 0.5. */
export interface Sampling {
  width: number;
  height: number;
  /** Position of the first sample. */
  x: number;
  y: number;
  /** Vector from one sample to the next in a row; the vector to the next row is this one rotated by 90 degrees. */
  stepX: number;
  stepY: number;
}

/** Coordinates are fixed point with 16 fraction bits, so that every machine computes the same pixels. */
const ONE = 1 << 16;

/**
 * Samples the masked pixels of a frame with bilinear interpolation; all others are black.
 *
 * @param frameAt address of its pixels in the kernels' memory
 * @returns RGB interleaved, row-major; valid until the next frame
 */
export function sampleGrain(
  frameAt: number,
  frame: Frame,
  mask: GrainMask,
  sampling: Sampling,
  kernels: Kernels,
): Uint8Array {
  const {width, height, x, y, stepX, stepY} = sampling;
  const canvasBytes = width * height * 3;
  const startsAt = LAYOUT.canvas + Math.ceil((canvasBytes + 64) / 16) * 16;
  kernels.reserve(startsAt, height * 8);
  const starts = kernels.integers(startsAt, height * 2);
  for (let row = 0; row < height; row++) {
    starts[row * 2] = Math.round((x - row * stepY) * ONE) | 0;
    starts[row * 2 + 1] = Math.round((y + row * stepX) * ONE) | 0;
  }
  kernels.functions.sampleGrain(
    frameAt,
    frame.width,
    frame.height,
    LAYOUT.kinds,
    mask.step,
    mask.x,
    mask.y,
    mask.width,
    mask.height,
    LAYOUT.lookup,
    startsAt,
    Math.round(stepX * ONE),
    Math.round(stepY * ONE),
    LAYOUT.canvas,
    width,
    height,
  );
  return kernels.bytes.subarray(LAYOUT.canvas, LAYOUT.canvas + canvasBytes);
}
