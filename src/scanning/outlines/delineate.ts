import type {Frame} from '../../image/frame.ts';
import type {Ground} from '../foreground/ground.ts';
import {labOf} from '../measures/lab.ts';
import type {Point} from '../types.ts';
import {contrastField, corners, metricAt} from './contrast-field.ts';
import {decideByLikelihood} from './likelihood-field.ts';
import {ownership} from './ownership.ts';
import {type LabeledGrain, type LabelMap, memory, NOT_OWN, type Part} from './part.ts';
import {traceContour} from './trace-contour.ts';

export interface Delineated {
  /** In pixels of the picture, sub-pixel. */
  outline: Point[];
  color: {L: number; a: number; b: number};
  /** Width in pixels of the picture over which its edge falls from its color to the ground's. */
  edge: number;
  /** Lightness L* of its inner pixels, a sample in no order. */
  lightness: Float32Array;
}

/** A grain is measured at a scale at which it is about so many pixels long; finer is no more exact. */
const MEASURED_LENGTH = 256;
/** Inner pixels are those that are surely the grain's. */
const INNER = 0.5;

/**
 * Finds the outline of a grain at half of its contrast to the ground, between the pixels; where it touches others, the cells
 * say which pixels are whose.
 *
 * @param picture at full size
 * @param factor pixels of the picture per cell
 * @param whiteBalance by what red, green and blue are multiplied before its color is measured
 * @returns undefined if it has no pixel of its own
 */
export function delineate(
  picture: Frame,
  ground: Ground,
  map: LabelMap,
  grain: LabeledGrain,
  factor: number,
  whiteBalance: readonly [number, number, number] = [1, 1, 1],
): Delineated | undefined {
  const longest = Math.max(grain.right - grain.left, grain.bottom - grain.top) * factor;
  const step = Math.max(1, Math.floor(longest / MEASURED_LENGTH));
  const left = Math.max(0, (grain.left - 2) * factor);
  const top = Math.max(0, (grain.top - 2) * factor);
  const width = Math.ceil((Math.min(picture.width, (grain.right + 2) * factor) - left) / step);
  const height = Math.ceil((Math.min(picture.height, (grain.bottom + 2) * factor) - top) / step);
  const part = {picture, left, top, step, width, height};
  const owned = ownership(part, map, grain.label, factor);
  const colors = colorsOf(part, owned);
  const signal = contrastField(colors, owned, corners(part, ground, factor), part, metricAt(ground, grain));
  if (!signal) return undefined;
  if (map.likelihoods) decideByLikelihood(map.likelihoods, map, signal.field, owned, part, factor);
  const outline = traceContour(signal.field, width, height);
  if (!outline) return undefined;
  return {
    outline: outline.map(([x, y]) => [left + x * step, top + y * step]),
    edge: step * edgeWidth(signal.share, outline, width, height),
    ...colorOf(colors, signal.field, whiteBalance),
  };
}

/** The part's pixels that may be the grain's, averaged over step x step of the picture's. */
function colorsOf({picture, left, top, step, width, height}: Part, owned: Float32Array): Float32Array {
  const out = memory('colors', width * height * 3);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      if (owned[y * width + x] <= NOT_OWN) continue;
      const right = Math.min(picture.width, left + (x + 1) * step);
      const bottom = Math.min(picture.height, top + (y + 1) * step);
      let count = 0;
      let [red, green, blue] = [0, 0, 0];
      for (let v = top + y * step; v < bottom; v++)
        for (let u = left + x * step; u < right; u++) {
          const i = (v * picture.width + u) * 3;
          red += picture.data[i];
          green += picture.data[i + 1];
          blue += picture.data[i + 2];
          count++;
        }
      const o = (y * width + x) * 3;
      out[o] = red / count;
      out[o + 1] = green / count;
      out[o + 2] = blue / count;
    }
  return out;
}

/** One over the median slope of the contrast's share across an outline, in pixels of the field. */
function edgeWidth(share: Float32Array, outline: readonly Point[], width: number, height: number): number {
  const slopes: number[] = [];
  for (let i = 0; i < outline.length; i += 4) {
    const x = Math.floor(outline[i][0]);
    const y = Math.floor(outline[i][1]);
    if (x < 1 || y < 1 || x >= width - 1 || y >= height - 1) continue;
    const at = y * width + x;
    slopes.push(Math.hypot(share[at + 1] - share[at - 1], share[at + width] - share[at - width]) / 2);
  }
  slopes.sort((a, b) => a - b);
  const median = slopes[slopes.length >> 1] ?? 0;
  return median > 0 ? 1 / median : 0;
}

function colorOf(
  colors: Float32Array,
  field: Float32Array,
  [red, green, blue]: readonly [number, number, number],
): Pick<Delineated, 'color' | 'lightness'> {
  const sum = {L: 0, a: 0, b: 0};
  const lightness = new Float32Array(field.length);
  let count = 0;
  // Of a narrow grain no pixel may be so far inside.
  const inner = field.some((value) => value >= INNER) ? INNER : 0;
  const stride = inner === 0 ? 1 : Math.max(1, Math.floor(field.length / 4000));
  for (let i = 0; i < field.length; i += stride) {
    if (field[i] < inner || (inner === 0 && field[i] <= 0)) continue;
    const {L, a, b} = labOf(colors[i * 3] * red, colors[i * 3 + 1] * green, colors[i * 3 + 2] * blue);
    sum.L += L;
    sum.a += a;
    sum.b += b;
    lightness[count++] = L;
  }
  const n = Math.max(1, count);
  return {color: {L: sum.L / n, a: sum.a / n, b: sum.b / n}, lightness: lightness.slice(0, count)};
}
