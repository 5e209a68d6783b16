import {PATCH_SCALE, type WindowSize} from '../../image/window/canvas.ts';
import type {GrainPatch} from '../../image/window/patch.ts';

export interface Mirror {
  x: boolean;
  y: boolean;
}

export interface Warp {
  mirror: Mirror;
  /** Radians. */
  angle: number;
  scale: number;
  /** Canvas pixels. */
  shiftX: number;
  shiftY: number;
}

/** Writes a patch's window as in prediction, but mirrored: each pixel is the average of 2 x 2 canvas pixels. */
export function shrinkInto(patch: GrainPatch, size: WindowSize, mirror: Mirror, window: Uint8Array): void {
  window.fill(0);
  const {data, width, height} = patch;
  const stretch = width * 3;
  const left = patch.x / PATCH_SCALE;
  const top = patch.y / PATCH_SCALE;
  for (let y = 0; y < height / PATCH_SCALE; y++) {
    const row = mirror.y ? size.height - 1 - top - y : top + y;
    let source = y * PATCH_SCALE * stretch;
    for (let x = 0; x < width / PATCH_SCALE; x++) {
      const column = mirror.x ? size.width - 1 - left - x : left + x;
      const target = (row * size.width + column) * 3;
      for (let channel = 0; channel < 3; channel++, source++) {
        const below = source + stretch;
        window[target + channel] = (data[source] + data[source + 3] + data[below] + data[below + 3] + 2) >> 2;
      }
      source += 3;
    }
  }
}

/** Writes the window of a patch mirrored, rotated and scaled about the center of the canvas, then shifted. */
export function warpInto(patch: GrainPatch, size: WindowSize, warp: Warp, window: Uint8Array): void {
  window.fill(0);
  const cos = Math.cos(warp.angle) / warp.scale;
  const sin = Math.sin(warp.angle) / warp.scale;
  const signX = warp.mirror.x ? -1 : 1;
  const signY = warp.mirror.y ? -1 : 1;
  // What each column and each row of the canvas adds to the position in the patch.
  const xs = centersOf(size.width, warp.shiftX);
  const ys = centersOf(size.height, warp.shiftY);
  const alongX = xs.map((x) => signX * cos * x);
  const acrossX = xs.map((x) => signY * sin * x);
  const alongY = ys.map((y) => signX * sin * y);
  const acrossY = ys.map((y) => signY * cos * y);
  const {data, x: left, y: top} = patch;
  const {width, height} = size;
  const stretch = patch.width * 3;
  // Positions before these have a right and a lower neighbor.
  const lastX = patch.width - 1;
  const lastY = patch.height - 1;
  const bounds = boundsOf(patch, size, warp);
  for (let row = bounds.top; row < bounds.bottom; row++) {
    for (let column = bounds.left; column < bounds.right; column++) {
      let red = 0;
      let green = 0;
      let blue = 0;
      for (let tap = 0; tap < 4; tap++) {
        const tapColumn = PATCH_SCALE * column + (tap & 1);
        const tapRow = PATCH_SCALE * row + (tap >> 1);
        const sourceX = alongX[tapColumn] + alongY[tapRow] + width - 0.5 - left;
        const sourceY = acrossY[tapRow] - acrossX[tapColumn] + height - 0.5 - top;
        if (sourceX < 0 || sourceY < 0 || sourceX >= lastX || sourceY >= lastY) continue;
        const x0 = sourceX | 0;
        const y0 = sourceY | 0;
        const fx = sourceX - x0;
        const fy = sourceY - y0;
        const w11 = fx * fy;
        const w10 = fy - w11;
        const w01 = fx - w11;
        const w00 = 1 - fx - w10;
        const at = y0 * stretch + x0 * 3;
        const below = at + stretch;
        red += w00 * data[at] + w01 * data[at + 3] + w10 * data[below] + w11 * data[below + 3];
        green += w00 * data[at + 1] + w01 * data[at + 4] + w10 * data[below + 1] + w11 * data[below + 4];
        blue += w00 * data[at + 2] + w01 * data[at + 5] + w10 * data[below + 2] + w11 * data[below + 5];
      }
      const target = (row * size.width + column) * 3;
      window[target] = red / 4 + 0.5;
      window[target + 1] = green / 4 + 0.5;
      window[target + 2] = blue / 4 + 0.5;
    }
  }
}

/** Centers of the canvas pixels along one side, relative to the shifted middle of the canvas. */
function centersOf(side: number, shift: number): Float64Array {
  return Float64Array.from({length: PATCH_SCALE * side}, (_, i) => i + 0.5 - side - shift);
}

/** Bounding box of the warped patch, in window pixels. */
function boundsOf(patch: GrainPatch, size: WindowSize, {mirror, angle, scale, shiftX, shiftY}: Warp) {
  const cos = Math.cos(angle) * scale;
  const sin = Math.sin(angle) * scale;
  const xs: number[] = [];
  const ys: number[] = [];
  for (const cornerX of [patch.x, patch.x + patch.width]) {
    for (const cornerY of [patch.y, patch.y + patch.height]) {
      const x = (mirror.x ? -1 : 1) * (cornerX - size.width);
      const y = (mirror.y ? -1 : 1) * (cornerY - size.height);
      xs.push((cos * x - sin * y + shiftX + size.width) / PATCH_SCALE);
      ys.push((sin * x + cos * y + shiftY + size.height) / PATCH_SCALE);
    }
  }
  return {
    left: Math.max(0, Math.floor(Math.min(...xs))),
    right: Math.min(size.width, Math.ceil(Math.max(...xs))),
    top: Math.max(0, Math.floor(Math.min(...ys))),
    bottom: Math.min(size.height, Math.ceil(Math.max(...ys))),
  };
}
