import {PATCH_SCALE, type WindowSize} from '../../../image/canvas.ts';
import type {GrainPatch} from '../../../image/patch.ts';
import type {Shape} from './shape.ts';
import type {Surface} from './surfaces.ts';

/**
 * Writes the window of a patch in another shape and with another surface: uint8 RGB, height * width * 3 bytes. Each pixel
 * is the mean of 2 x 2 of the canvas, as everywhere, and each of those the patch's nearest.
 *
 * @param scale by which the shape is enlarged
 */
export function paint(
  patch: GrainPatch,
  size: WindowSize,
  {mappings, inside}: Shape,
  scale: number,
  surface: Surface,
  window: Uint8Array,
): void {
  const {data, width, height} = patch;
  const source = new Float64Array(2);
  const gains = new Float64Array(3);
  for (let row = 0, target = 0; row < size.height; row++) {
    for (let column = 0; column < size.width; column++, target += 3) {
      let red = 0;
      let green = 0;
      let blue = 0;
      for (let tap = 0; tap < PATCH_SCALE * PATCH_SCALE; tap++) {
        const x = PATCH_SCALE * column + (tap & 1) + 0.5 - size.width;
        const y = PATCH_SCALE * row + (tap >> 1) + 0.5 - size.height;
        const shapeX = x / scale;
        const shapeY = y / scale;
        let found = 0;
        let brightest = 0;
        for (let i = 0; i < mappings.length; i++) {
          mappings[i](shapeX, shapeY, source);
          const sourceX = Math.floor(source[0] + size.width) - patch.x;
          const sourceY = Math.floor(source[1] + size.height) - patch.y;
          if (sourceX < 0 || sourceY < 0 || sourceX >= width || sourceY >= height) continue;
          const at = (sourceY * width + sourceX) * 3;
          if (data[at + 1] <= brightest) continue;
          brightest = data[at + 1];
          found = at;
        }
        if (brightest === 0 || (inside && !inside(shapeX, shapeY))) continue;
        surface(x, y, gains);
        red += data[found] * gains[0];
        green += data[found + 1] * gains[1];
        blue += data[found + 2] * gains[2];
      }
      window[target] = red / 4 + 0.5;
      window[target + 1] = green / 4 + 0.5;
      window[target + 2] = blue / 4 + 0.5;
    }
  }
}
