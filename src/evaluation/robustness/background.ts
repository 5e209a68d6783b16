import type {Frame} from '../../image/frame.ts';
import {pixelOf} from './change.ts';
import {grainMask, insideOf, softened} from './grain-mask.ts';
import type {Texture} from './textures.ts';

/** How far from an edge pixel to look for the color of the grain, in reference pixels. */
const REACH = 3;

/**
 * Puts the grain on another background, with a soft edge: `a * grain + (1 - a) * background` (Porter and Duff 1984), where
 * `a` is the softened grain mask. The grain color of an edge pixel is the mean of the interior grain pixels around it, so
 * that the old background does not shine through.
 */
export function replaceBackground(frame: Frame, background: Texture): Frame {
  const {width, height, data} = frame;
  const mask = grainMask(frame);
  const inside = insideOf(mask, width, height);
  const coverage = softened(mask, frame);
  const reach = Math.ceil(REACH * pixelOf(frame));
  const replaced = new Uint8ClampedArray(data.length);
  for (let pixel = 0, i = 0; pixel < coverage.length; pixel++, i += 3) {
    const cover = coverage[pixel];
    const grain = inside[pixel] === 1 || cover === 0 ? undefined : grainAround(frame, inside, pixel, reach);
    const color = background(pixel % width, Math.floor(pixel / width));
    for (let c = 0; c < 3; c++) replaced[i + c] = cover * (grain?.[c] ?? data[i + c]) + (1 - cover) * color[c];
  }
  return {width, height, data: new Uint8Array(replaced.buffer)};
}

/** Mean color of the interior grain pixels in the square around a pixel; undefined if there are none. */
function grainAround({width, height, data}: Frame, inside: Uint8Array, pixel: number, reach: number) {
  const x = pixel % width;
  const y = (pixel - x) / width;
  const sums: [number, number, number] = [0, 0, 0];
  let count = 0;
  for (let row = Math.max(0, y - reach); row <= Math.min(height - 1, y + reach); row++)
    for (let column = Math.max(0, x - reach); column <= Math.min(width - 1, x + reach); column++) {
      const other = row * width + column;
      if (inside[other] === 0) continue;
      count++;
      for (let c = 0; c < 3; c++) sums[c] += data[other * 3 + c];
    }
  return count === 0 ? undefined : sums.map((sum) => sum / count);
}
