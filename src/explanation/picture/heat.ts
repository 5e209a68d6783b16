import type {Frame} from '../../image/frame.ts';
import {type WindowPlacement, windowPosition} from '../../image/window/window-placement.ts';
import type {WindowMap} from '../spread-map.ts';
import type {Explanation} from '../types.ts';
import {grainCover} from './grain-cover.ts';
import {smoothMap} from './smooth.ts';

type Rgb = readonly [red: number, green: number, blue: number];

/** Orange and blue, which people with any color vision tell apart, and of which orange is the lighter one. */
export const FOR: Rgb = [255, 150, 10];
export const AGAINST: Rgb = [30, 90, 255];

/** The opacity of the strongest places. */
const OPAQUE = 0.8;
/** The share of the grain's pixels that may be stronger than the strongest color. */
const SATURATED = 0.01;

/** A map as it is shown: smooth, only on the grain, from -1 against the answer to 1 for it. */
export interface Heat extends WindowMap {
  /** The amount of a window's pixel that is shown as 1. */
  unit: number;
}

/** What to show of an explanation. */
export function heatOf({map, window}: Pick<Explanation, 'map' | 'window'>): Heat {
  const {width, height, values} = smoothMap(map);
  const cover = grainCover(window, map);
  const shown = values.map((value, i) => value * cover[i]);
  const sizes = [...shown].filter((_, i) => cover[i] === 1).map(Math.abs);
  sizes.sort((a, b) => b - a);
  const unit = Math.max(sizes[Math.floor(sizes.length * SATURATED)] ?? 0, Number.MIN_VALUE);
  return {width, height, unit, values: shown.map((value) => Math.max(-1, Math.min(1, value / unit)))};
}

/** The pixel of the window that speaks most for the answer, or against it; undefined if none does. */
export function strongest({values, width}: Heat, sign: 1 | -1): [u: number, v: number] | undefined {
  let best = 0;
  for (let i = 1; i < values.length; i++) if (values[i] * sign > values[best] * sign) best = i;
  return values[best] * sign > 0 ? [(best % width) + 0.5, Math.floor(best / width) + 0.5] : undefined;
}

/**
 * Lays heat over a picture, in place: gray where it says nothing, orange where it speaks for the answer, blue where against.
 *
 * @param scale pixels of the frame for each pixel of the picture in which the placement is
 */
export function layHeat(frame: Frame, heat: Heat, placement: WindowPlacement, scale: number): void {
  const {width, height, data} = frame;
  for (let y = 0, at = 0; y < height; y++)
    for (let x = 0; x < width; x++, at += 3) {
      const gray = 0.299 * data[at] + 0.587 * data[at + 1] + 0.114 * data[at + 2];
      const [u, v] = windowPosition(placement, (x + 0.5) / scale, (y + 0.5) / scale);
      const value = valueAt(heat, u, v);
      const opacity = OPAQUE * Math.abs(value);
      const color = value > 0 ? FOR : AGAINST;
      for (let c = 0; c < 3; c++) data[at + c] = Math.round(gray + (color[c] - gray) * opacity);
    }
}

/** Bilinear between the centers of pixels; 0 outside of the window. */
function valueAt({width, height, values}: WindowMap, u: number, v: number): number {
  const [x, y] = [u - 0.5, v - 0.5];
  const [left, top] = [Math.floor(x), Math.floor(y)];
  if (left < -1 || top < -1 || left >= width || top >= height) return 0;
  const [across, down] = [x - left, y - top];
  const at = (column: number, row: number) =>
    column < 0 || row < 0 || column >= width || row >= height ? 0 : values[row * width + column];
  const upper = at(left, top) * (1 - across) + at(left + 1, top) * across;
  const lower = at(left, top + 1) * (1 - across) + at(left + 1, top + 1) * across;
  return upper * (1 - down) + lower * down;
}
