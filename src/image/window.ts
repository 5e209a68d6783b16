import {PATCH_SCALE, type WindowSize} from './canvas.ts';
import type {GrainPatch} from './patch.ts';

/**
 * Shrinks the canvas that a patch is the visible part of to the model's window: each pixel the average of 2 x 2, rounded
 * to nearest.
 *
 * @returns RGB interleaved, row-major, height * width * 3 bytes
 */
export function windowFromPatch(patch: GrainPatch, size: WindowSize): Uint8Array {
  const window = new Uint8Array(size.width * size.height * 3);
  const {data} = patch;
  const rowBytes = patch.width * 3;
  const columns = patch.width / PATCH_SCALE;
  const rows = patch.height / PATCH_SCALE;
  for (let y = 0; y < rows; y++) {
    let target = ((patch.y / PATCH_SCALE + y) * size.width + patch.x / PATCH_SCALE) * 3;
    let source = y * PATCH_SCALE * rowBytes;
    for (let x = 0; x < columns; x++, source += 6, target += 3) {
      const below = source + rowBytes;
      window[target] = (data[source] + data[source + 3] + data[below] + data[below + 3] + 2) >> 2;
      window[target + 1] = (data[source + 1] + data[source + 4] + data[below + 1] + data[below + 4] + 2) >> 2;
      window[target + 2] = (data[source + 2] + data[source + 5] + data[below + 2] + data[below + 5] + 2) >> 2;
    }
  }
  return window;
}
