import type {Frame} from '../../../src/image/frame.ts';
import {toFrame} from './change.ts';
import type {Grain} from './grain.ts';
import type {Subject} from './subject.ts';

export type Color = readonly [red: number, green: number, blue: number];

/** The color of a ground at a pixel. */
export type Ground = (x: number, y: number) => Color;

/** Where a shadow falls: its offset in pixels, how far its edge is blurred, and what share of the light it takes. */
export interface Shadow {
  dx: number;
  dy: number;
  sigma: number;
  depth: number;
}

/** The grain laid on a ground, with its shadow. */
export function laidOn({frame, grain}: Subject, ground: Ground, shadow?: Shadow): Frame {
  const {width, height} = frame;
  const {cover, color} = grain;
  const shade = shadow && shadowOf(grain, width, height, shadow);
  const levels = new Float32Array(width * height * 3);
  for (let pixel = 0, at = 0; pixel < cover.length; pixel++, at += 3) {
    const below = ground(pixel % width, Math.floor(pixel / width));
    const light = shade ? 1 - shade[pixel] : 1;
    const share = cover[pixel];
    for (let c = 0; c < 3; c++) levels[at + c] = share * color[at + c] + (1 - share) * light * below[c];
  }
  return toFrame(width, height, levels);
}

/** The share of the light that each pixel lacks. */
function shadowOf({cover}: Grain, width: number, height: number, {dx, dy, sigma, depth}: Shadow): Float32Array {
  const moved = new Float32Array(cover.length);
  const [left, top] = [Math.round(dx), Math.round(dy)];
  for (let y = Math.max(0, top); y < Math.min(height, height + top); y++)
    for (let x = Math.max(0, left); x < Math.min(width, width + left); x++)
      moved[y * width + x] = depth * cover[(y - top) * width + x - left];
  return softened(softened(moved, width, height, sigma, 1), width, height, sigma, width);
}

/** A Gaussian along rows (`step` 1) or columns (`step` the width). Beyond the border there is no shadow. */
function softened(from: Float32Array, width: number, height: number, sigma: number, step: number): Float32Array {
  const reach = Math.ceil(3 * sigma);
  const weights = Array.from({length: reach + 1}, (_, i) => Math.exp(-(i ** 2) / (2 * sigma ** 2)));
  const sum = weights.reduce((total, weight, i) => total + (i === 0 ? weight : 2 * weight), 0);
  const soft = new Float32Array(from.length);
  for (let pixel = 0; pixel < from.length; pixel++) {
    if (from[pixel] === 0) continue;
    const place = step === 1 ? pixel % width : Math.floor(pixel / width);
    const side = step === 1 ? width : height;
    for (let d = Math.max(-reach, -place); d <= Math.min(reach, side - 1 - place); d++)
      soft[pixel + d * step] += (from[pixel] * weights[Math.abs(d)]) / sum;
  }
  return soft;
}
