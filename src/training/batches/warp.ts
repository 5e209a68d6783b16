import {PATCH_SCALE, type WindowSize} from '../../image/window/canvas.ts';
import type {GrainPatch} from '../../image/window/patch.ts';

export interface Mirror {
  x: boolean;
  y: boolean;
}

/** Foreshortening: a grain that is seen at an angle is shorter in one direction. */
export interface Tilt {
  /** The cosine of the angle. */
  shortening: number;
  /** The direction in which it is shorter, in radians from the x axis towards the y axis. */
  direction: number;
}

export interface Warp {
  mirror: Mirror;
  /** Radians. */
  angle: number;
  scale: number;
  /** How much longer the grain becomes along the x axis; comes before all else. */
  stretch?: number;
  /** Comes next. */
  tilt?: Tilt;
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

/** A linear map of the plane: x' = xx x + xy y, y' = yx x + yy y. */
interface Linear {
  xx: number;
  xy: number;
  yx: number;
  yy: number;
}

/** Writes the window of a patch mirrored, tilted, rotated and scaled about the center of the canvas, then shifted. */
export function warpInto(patch: GrainPatch, size: WindowSize, warp: Warp, window: Uint8Array): void {
  window.fill(0);
  const forward = linearOf(warp);
  const back = inverseOf(forward);
  // What each column and each row of the canvas adds to the position in the patch.
  const xs = centersOf(size.width, warp.shiftX);
  const ys = centersOf(size.height, warp.shiftY);
  const alongX = xs.map((x) => back.xx * x);
  const acrossX = xs.map((x) => back.yx * x);
  const alongY = ys.map((y) => back.xy * y);
  const acrossY = ys.map((y) => back.yy * y);
  const {data, x: left, y: top} = patch;
  const {width, height} = size;
  const stretch = patch.width * 3;
  // Positions before these have a right and a lower neighbor.
  const lastX = patch.width - 1;
  const lastY = patch.height - 1;
  const bounds = boundsOf(patch, size, forward, warp);
  for (let row = bounds.top; row < bounds.bottom; row++) {
    for (let column = bounds.left; column < bounds.right; column++) {
      let red = 0;
      let green = 0;
      let blue = 0;
      for (let tap = 0; tap < 4; tap++) {
        const tapColumn = PATCH_SCALE * column + (tap & 1);
        const tapRow = PATCH_SCALE * row + (tap >> 1);
        const sourceX = alongX[tapColumn] + alongY[tapRow] + width - 0.5 - left;
        const sourceY = acrossX[tapColumn] + acrossY[tapRow] + height - 0.5 - top;
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

/** Mirror, stretch, tilt, rotation and scale as one map, from the patch to the canvas. */
function linearOf({mirror, angle, scale, stretch = 1, tilt}: Warp): Linear {
  const cos = Math.cos(angle) * scale;
  const sin = Math.sin(angle) * scale;
  const signX = mirror.x ? -1 : 1;
  const signY = mirror.y ? -1 : 1;
  // The identity less what is lost in the direction of the tilt.
  const lost = tilt ? 1 - tilt.shortening : 0;
  const [nx, ny] = tilt ? [Math.cos(tilt.direction), Math.sin(tilt.direction)] : [1, 0];
  const [txx, txy, tyy] = [1 - lost * nx * nx, -lost * nx * ny, 1 - lost * ny * ny];
  return {
    xx: stretch * signX * (cos * txx - sin * txy),
    xy: signY * (cos * txy - sin * tyy),
    yx: stretch * signX * (sin * txx + cos * txy),
    yy: signY * (sin * txy + cos * tyy),
  };
}

function inverseOf({xx, xy, yx, yy}: Linear): Linear {
  const determinant = xx * yy - xy * yx;
  return {xx: yy / determinant, xy: -xy / determinant, yx: -yx / determinant, yy: xx / determinant};
}

/**
 * The angle of the long axis of an ellipse after a tilt, in radians, that was 0 before: a grain is aligned by what is seen of
 * it, so a warp turns it back by this.
 *
 * @param length its long axis
 * @param width its short axis
 */
export function axisAfterTilt({shortening, direction}: Tilt, length: number, width: number): number {
  const lost = 1 - shortening;
  const [nx, ny] = [Math.cos(direction), Math.sin(direction)];
  const [xx, xy, yy] = [1 - lost * nx * nx, -lost * nx * ny, 1 - lost * ny * ny];
  const [a, b] = [length * length, width * width];
  // The second moments T S T' of the tilted ellipse, and the axis of the larger one.
  const sxx = a * xx * xx + b * xy * xy;
  const syy = a * xy * xy + b * yy * yy;
  const sxy = a * xx * xy + b * xy * yy;
  return 0.5 * Math.atan2(2 * sxy, sxx - syy);
}

/** Bounding box of the warped patch, in window pixels. */
function boundsOf(patch: GrainPatch, size: WindowSize, {xx, xy, yx, yy}: Linear, {shiftX, shiftY}: Warp) {
  const xs: number[] = [];
  const ys: number[] = [];
  for (const cornerX of [patch.x, patch.x + patch.width]) {
    for (const cornerY of [patch.y, patch.y + patch.height]) {
      const x = cornerX - size.width;
      const y = cornerY - size.height;
      xs.push((xx * x + xy * y + shiftX + size.width) / PATCH_SCALE);
      ys.push((yx * x + yy * y + shiftY + size.height) / PATCH_SCALE);
    }
  }
  return {
    left: Math.max(0, Math.floor(Math.min(...xs))),
    right: Math.min(size.width, Math.ceil(Math.max(...xs))),
    top: Math.max(0, Math.floor(Math.min(...ys))),
    bottom: Math.min(size.height, Math.ceil(Math.max(...ys))),
  };
}
