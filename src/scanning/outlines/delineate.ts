import type {Frame} from '../../image/frame.ts';
import {type Ground, groundAt} from '../foreground/ground.ts';
import {labOf} from '../measures/lab.ts';
import type {Point} from '../types.ts';
import {traceContour} from './trace-contour.ts';

/** A grain's cells among those of others. */
export interface LabeledGrain {
  label: number;
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/** The cells of all grains. */
export interface LabelMap {
  width: number;
  height: number;
  labels: Int32Array;
  /** How likely each cell is a grain's, 0 to 1: then that decides, not the contrast. */
  likelihoods?: Float32Array;
}

export interface Delineated {
  /** In pixels of the picture, sub-pixel. */
  outline: Point[];
  color: {L: number; a: number; b: number};
  /** Mean red, green and blue of the grain less the ground's. */
  contrast: readonly [number, number, number];
  /** Width in pixels of the picture over which its edge falls from its color to the ground's. */
  edge: number;
  /** Lightness L* of its inner pixels, a sample in no order. */
  lightness: Float32Array;
}

/** A grain is measured at a scale at which it is about so many pixels long; finer is no more exact. */
const MEASURED_LENGTH = 256;
/** A pixel belongs to the grain from this share of the contrast of its paler parts on. */
const HALF = 0.5;
const PALER = 0.3;
const INNER_SAMPLE = 4096;
/** What a pixel has that is surely not the grain's. */
const NOT_OWN = -1;
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
  const grounds = corners(part, ground, factor);
  const signal = signalOf(colors, owned, grounds, part, metricAt(ground, grain));
  if (!signal) return undefined;
  if (map.likelihoods) decideBy(map.likelihoods, map, signal.field, owned, part, factor);
  const outline = traceContour(signal.field, width, height);
  if (!outline) return undefined;
  return {
    outline: outline.map(([x, y]) => [left + x * step, top + y * step]),
    contrast: signal.contrast,
    edge: step * edgeWidth(signal.share, outline, width, height),
    ...colorOf(colors, signal.field, whiteBalance),
  };
}

interface Part {
  picture: Frame;
  left: number;
  top: number;
  step: number;
  width: number;
  height: number;
}

/** Memory for the pixels of a part, used again for the next grain: there may be thousands. */
const scratch: Record<string, Float32Array> = {};

function memory(name: string, length: number): Float32Array {
  if (!scratch[name] || scratch[name].length < length) scratch[name] = new Float32Array(length);
  return scratch[name].subarray(0, length);
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

/**
 * How much each pixel belongs to the grain rather than to its neighbors, from 1 (its own) to -1 (another's), linear between
 * the centers of cells. Ground near it counts as its own; the contrast decides there.
 */
function ownership({left, top, step, width, height}: Part, map: LabelMap, label: number, factor: number): Float32Array {
  const firstX = Math.max(0, Math.floor(left / factor) - 1);
  const firstY = Math.max(0, Math.floor(top / factor) - 1);
  const lastX = Math.min(map.width, Math.ceil((left + width * step) / factor) + 1);
  const lastY = Math.min(map.height, Math.ceil((top + height * step) / factor) + 1);
  const columns = lastX - firstX;
  const rows = lastY - firstY;
  const values = memory('cells', columns * rows).fill(NOT_OWN);
  const isOwn = (x: number, y: number) =>
    x >= 0 && y >= 0 && x < map.width && y < map.height && map.labels[y * map.width + x] === label;
  for (let y = 0; y < rows; y++)
    for (let x = 0; x < columns; x++) {
      const cell = (firstY + y) * map.width + firstX + x;
      if (map.labels[cell] === label) values[y * columns + x] = 1;
      else if (map.labels[cell] === 0) {
        let near = false;
        for (let v = -1; v <= 1 && !near; v++)
          for (let u = -1; u <= 1 && !near; u++) near = isOwn(firstX + x + u, firstY + y + v);
        if (near) values[y * columns + x] = 1;
      }
    }
  const out = memory('owned', width * height);
  for (let y = 0; y < height; y++) {
    const v = Math.min(rows - 1, Math.max(0, (top + (y + 0.5) * step) / factor - 0.5 - firstY));
    const upper = Math.floor(v);
    const lower = Math.min(rows - 1, upper + 1);
    for (let x = 0; x < width; x++) {
      const u = Math.min(columns - 1, Math.max(0, (left + (x + 0.5) * step) / factor - 0.5 - firstX));
      const west = Math.floor(u);
      const east = Math.min(columns - 1, west + 1);
      const above = values[upper * columns + west] * (1 - u + west) + values[upper * columns + east] * (u - west);
      const below = values[lower * columns + west] * (1 - u + west) + values[lower * columns + east] * (u - west);
      out[y * width + x] = above * (1 - v + upper) + below * (v - upper);
    }
  }
  return out;
}

/** The ground's color at the part's four corners; linear between them. */
function corners({left, top, step, width, height}: Part, ground: Ground, factor: number) {
  const at = (x: number, y: number) => groundAt(ground, x / factor, y / factor);
  return [
    at(left, top),
    at(left + width * step, top),
    at(left, top + height * step),
    at(left + width * step, top + height * step),
  ] as const;
}

/** The inverse covariance of the ground at the grain. */
function metricAt({tile, columns, rows, metrics}: Ground, {left, top, right, bottom}: LabeledGrain): Float32Array {
  const column = Math.min(columns - 1, Math.floor((left + right) / 2 / tile));
  const row = Math.min(rows - 1, Math.floor((top + bottom) / 2 / tile));
  return metrics.subarray((row * columns + column) * 6, (row * columns + column) * 6 + 6);
}

/**
 * A field that is positive inside the grain: the share of the grain's contrast along the direction that separates it best
 * from the ground (Fisher's discriminant), above half of that of the grain's paler parts.
 */
function signalOf(
  colors: Float32Array,
  owned: Float32Array,
  [nw, ne, sw, se]: ReturnType<typeof corners>,
  {width, height}: Part,
  m: Float32Array,
): {field: Float32Array; share: Float32Array; contrast: readonly [number, number, number]} | undefined {
  const rest = memory('rest', colors.length);
  let count = 0;
  let [red, green, blue] = [0, 0, 0];
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const i = y * width + x;
      if (owned[i] <= NOT_OWN) continue;
      const u = (x + 0.5) / width;
      const v = (y + 0.5) / height;
      for (let c = 0; c < 3; c++)
        rest[i * 3 + c] =
          colors[i * 3 + c] - (nw[c] * (1 - u) + ne[c] * u) * (1 - v) - (sw[c] * (1 - u) + se[c] * u) * v;
      if (owned[i] < 1) continue;
      const [r, g, b] = [rest[i * 3], rest[i * 3 + 1], rest[i * 3 + 2]];
      // What is far from the ground counts more: the ring of ground around the grain is among its own.
      const weight = m[0] * r * r + m[1] * g * g + m[2] * b * b + 2 * (m[3] * r * g + m[4] * r * b + m[5] * g * b);
      count += weight;
      red += weight * r;
      green += weight * g;
      blue += weight * b;
    }
  if (!(count > 0)) return undefined;
  red /= count;
  green /= count;
  blue /= count;
  let wr = m[0] * red + m[3] * green + m[4] * blue;
  let wg = m[3] * red + m[1] * green + m[5] * blue;
  let wb = m[4] * red + m[5] * green + m[2] * blue;
  const norm = wr * red + wg * green + wb * blue;
  if (!(norm > 0)) return undefined;
  wr /= norm;
  wg /= norm;
  wb /= norm;
  const field = memory('field', width * height);
  const inner = memory('inner', width * height);
  let innerCount = 0;
  // Some hundred values are enough for a quantile.
  const stride = Math.max(1, Math.floor((width * height) / INNER_SAMPLE));
  let turn = 0;
  for (let i = 0; i < field.length; i++) {
    if (owned[i] <= NOT_OWN) {
      field[i] = 0;
      continue;
    }
    field[i] = rest[i * 3] * wr + rest[i * 3 + 1] * wg + rest[i * 3 + 2] * wb;
    if (owned[i] === 1 && field[i] > HALF && turn++ % stride === 0) inner[innerCount++] = field[i];
  }
  if (innerCount === 0) return undefined;
  const threshold = HALF * inner.subarray(0, innerCount).sort()[Math.floor(PALER * innerCount)];
  const share = memory('share', field.length);
  share.set(field);
  for (let i = 0; i < field.length; i++) field[i] = Math.min(field[i] / threshold - 1, owned[i]);
  return {field, share, contrast: [red, green, blue]};
}

/** Replaces the field by the likelihood between the cells' centers, above one half, within what is owned. */
function decideBy(
  likelihoods: Float32Array,
  map: LabelMap,
  field: Float32Array,
  owned: Float32Array,
  {left, top, step, width, height}: Part,
  factor: number,
): void {
  const at = (x: number, y: number) =>
    likelihoods[Math.min(map.height - 1, Math.max(0, y)) * map.width + Math.min(map.width - 1, Math.max(0, x))];
  for (let y = 0; y < height; y++) {
    const v = (top + (y + 0.5) * step) / factor - 0.5;
    const upper = Math.floor(v);
    for (let x = 0; x < width; x++) {
      const u = (left + (x + 0.5) * step) / factor - 0.5;
      const west = Math.floor(u);
      const above = at(west, upper) * (1 - u + west) + at(west + 1, upper) * (u - west);
      const below = at(west, upper + 1) * (1 - u + west) + at(west + 1, upper + 1) * (u - west);
      const likelihood = above * (1 - v + upper) + below * (v - upper);
      field[y * width + x] = Math.min(2 * likelihood - 1, owned[y * width + x]);
    }
  }
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
