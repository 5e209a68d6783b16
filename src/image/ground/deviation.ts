import type {Frame} from '../frame.ts';
import {covarianceOf, inverseOf, type Symmetric, squareOf, sumOf} from './metric.ts';
import {valueAtPlace} from './select.ts';
import type {Surface} from './surface.ts';

/** How the cells differ from the ground. Values are interleaved as red, green and blue. */
export interface Deviation {
  width: number;
  height: number;
  surface: Surface;
  /** Cell less ground. */
  raw: Float32Array;
  /** The same, averaged over 3 x 3 cells. */
  smooth: Float32Array;
  /** How the ground's own `smooth` varies. */
  texture: Symmetric;
  /** Measures `smooth` in levels; a direction in which the ground itself varies counts less. */
  metric: Symmetric;
  /** `smooth` by that metric, 0 to 255. */
  distances: Uint8Array;
  /** 90th percentile of the distances along the border. */
  spread: number;
}

/** Variations of the ground up to so many levels take nothing from a distance. */
const QUIET = 4;
const SPREAD_QUANTILE = 0.9;
/** The median of every so many-th cell stands for that of all. */
const MEDIAN_STEP = 7;

/** Measures the frame, which has one pixel a cell, against the ground's surface. */
export function deviationFrom(surface: Surface, {width, height, data}: Frame): Deviation {
  const raw = new Float32Array(surface.length);
  for (let i = 0; i < raw.length; i++) raw[i] = data[i] - surface[i];
  const smooth = averaged(raw, width, height);
  const texture = textureOf(smooth);
  const inverse = inverseOf(sumOf(texture, [0, 0, 0, 0, 0, 0], QUIET * QUIET));
  const metric = inverse.map((value) => value * QUIET * QUIET) as unknown as Symmetric;
  const distances = new Uint8Array(width * height);
  for (let cell = 0, i = 0; cell < distances.length; cell++, i += 3) {
    const distance = Math.sqrt(squareOf(metric, smooth[i], smooth[i + 1], smooth[i + 2])) + 0.5;
    distances[cell] = distance < 255 ? distance : 255;
  }
  return {width, height, surface, raw, smooth, texture, metric, distances, spread: spreadOf(distances, width, height)};
}

/** The covariance of the cells that are about as near to the ground as most are. */
function textureOf(smooth: Float32Array): Symmetric {
  const count = smooth.length / 3;
  const squareAt = (i: number) =>
    Math.fround(smooth[i] * smooth[i] + smooth[i + 1] * smooth[i + 1] + smooth[i + 2] * smooth[i + 2]);
  const some = new Float32Array(Math.ceil(count / MEDIAN_STEP));
  for (let k = 0; k < some.length; k++) some[k] = squareAt(k * MEDIAN_STEP * 3);
  const limit = 4 * valueAtPlace(some, some.length >> 1);
  const near = new Int32Array(count);
  let found = 0;
  for (let cell = 0; cell < count; cell++) if (squareAt(cell * 3) <= limit) near[found++] = cell;
  return covarianceOf(smooth, near.subarray(0, found), [0, 0, 0]);
}

/** Averages of 3 x 3 cells; beyond the border its cells go on. */
function averaged(values: Float32Array, width: number, height: number): Float32Array {
  const row = width * 3;
  const sums = new Float32Array(values.length);
  for (let y = 0; y < height; y++) {
    const first = y * row;
    const last = first + row - 3;
    for (let i = first; i < first + row; i++)
      sums[i] = (values[i > first + 2 ? i - 3 : i] + values[i] + values[i < last ? i + 3 : i]) / 3;
  }
  const out = new Float32Array(values.length);
  for (let y = 0; y < height; y++) {
    const above = y > 0 ? -row : 0;
    const below = y < height - 1 ? row : 0;
    for (let i = y * row; i < (y + 1) * row; i++) out[i] = (sums[i + above] + sums[i] + sums[i + below]) / 3;
  }
  return out;
}

function spreadOf(distances: Uint8Array, width: number, height: number): number {
  const border: number[] = [];
  for (let x = 0; x < width; x++) border.push(distances[x], distances[(height - 1) * width + x]);
  for (let y = 0; y < height; y++) border.push(distances[y * width], distances[(y + 1) * width - 1]);
  return valueAtPlace(Float32Array.from(border), Math.floor(SPREAD_QUANTILE * (border.length - 1)));
}
