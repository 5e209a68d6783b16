import type {Frame} from '../frame.ts';
import {covarianceOf, inverseOf, type Symmetric, squareOf, sumOf} from './metric.ts';
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

/** Measures the frame, which has one pixel a cell, against the ground's surface. */
export function deviationFrom(surface: Surface, {width, height, data}: Frame): Deviation {
  const raw = new Float32Array(surface.length);
  for (let i = 0; i < raw.length; i++) raw[i] = data[i] - surface[i];
  const smooth = averaged(raw, width, height);
  const texture = textureOf(smooth);
  const inverse = inverseOf(sumOf(texture, [0, 0, 0, 0, 0, 0], QUIET * QUIET));
  const metric = inverse.map((value) => value * QUIET * QUIET) as unknown as Symmetric;
  const distances = new Uint8Array(width * height);
  for (let cell = 0, i = 0; cell < distances.length; cell++, i += 3)
    distances[cell] = Math.min(255, Math.sqrt(squareOf(metric, smooth[i], smooth[i + 1], smooth[i + 2])) + 0.5);
  return {width, height, surface, raw, smooth, texture, metric, distances, spread: spreadOf(distances, width, height)};
}

/** The covariance of the cells that are about as near to the ground as most are. */
function textureOf(smooth: Float32Array): Symmetric {
  const squares = new Float32Array(smooth.length / 3);
  for (let cell = 0, i = 0; cell < squares.length; cell++, i += 3)
    squares[cell] = smooth[i] * smooth[i] + smooth[i + 1] * smooth[i + 1] + smooth[i + 2] * smooth[i + 2];
  const some = squares.filter((_, cell) => cell % 7 === 0).sort();
  const median = some[some.length >> 1];
  const near = new Uint8Array(squares.length);
  for (let cell = 0; cell < near.length; cell++) near[cell] = squares[cell] <= 4 * median ? 1 : 0;
  return covarianceOf(smooth, near, [0, 0, 0]);
}

/** Averages of 3 x 3 cells; beyond the border its cells go on. */
export function averaged(values: Float32Array, width: number, height: number): Float32Array {
  const rows = new Float32Array(values.length);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const here = (y * width + x) * 3;
      const left = x > 0 ? here - 3 : here;
      const right = x < width - 1 ? here + 3 : here;
      for (let c = 0; c < 3; c++) rows[here + c] = (values[left + c] + values[here + c] + values[right + c]) / 3;
    }
  const out = new Float32Array(values.length);
  const row = width * 3;
  for (let y = 0; y < height; y++) {
    const above = y > 0 ? -row : 0;
    const below = y < height - 1 ? row : 0;
    for (let i = y * row; i < (y + 1) * row; i++) out[i] = (rows[i + above] + rows[i] + rows[i + below]) / 3;
  }
  return out;
}

function spreadOf(distances: Uint8Array, width: number, height: number): number {
  const border: number[] = [];
  for (let x = 0; x < width; x++) border.push(distances[x], distances[(height - 1) * width + x]);
  for (let y = 0; y < height; y++) border.push(distances[y * width], distances[(y + 1) * width - 1]);
  border.sort((a, b) => a - b);
  return border[Math.floor(SPREAD_QUANTILE * (border.length - 1))];
}
