import {LAYOUT, openKernels} from '../kernels/kernels.ts';
import {PATCH_SCALE, type WindowSize} from './canvas.ts';
import type {GrainPatch} from './patch.ts';

/**
 * Shrinks the patch's canvas to the model's window: each pixel is the average of 2 x 2, rounded to nearest.
 *
 * @param into buffer for the window; default: a new one
 * @returns RGB interleaved, row-major, height * width * 3 bytes
 */
export function windowFromPatch(
  patch: GrainPatch,
  size: WindowSize,
  into: Uint8Array = new Uint8Array(size.width * size.height * 3),
  kernels = openKernels(),
): Uint8Array {
  const {data, width, height} = patch;
  const bytes = size.width * size.height * 3;
  const windowAt = LAYOUT.canvas + Math.ceil((data.length + 64) / 16) * 16;
  kernels.reserve(windowAt, bytes);
  const here = data.buffer === kernels.bytes.buffer && data.byteOffset === LAYOUT.canvas;
  if (!here) kernels.bytes.set(data, LAYOUT.canvas);
  kernels.bytes.fill(0, windowAt, windowAt + bytes);
  const [x, y] = [patch.x / PATCH_SCALE, patch.y / PATCH_SCALE];
  kernels.functions.shrink(LAYOUT.canvas, width, height, windowAt, size.width * 3, x, y);
  into.set(kernels.bytes.subarray(windowAt, windowAt + bytes));
  return into;
}
