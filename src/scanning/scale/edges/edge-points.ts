import type {Frame} from '../../../image/frame.ts';
import {reduceFrame} from '../../../image/resize/reduce.ts';

/** Points on edges of a picture: where brightness or color changes most across the edge. Coordinates in the full picture. */
export interface EdgePoints {
  count: number;
  x: Float64Array;
  y: Float64Array;
  /** Unit vectors towards the brighter side (of the channel that changes most). */
  gx: Float64Array;
  gy: Float64Array;
  /** Levels per pixel of the reduced picture. */
  strength: Float64Array;
  /** Pixels of the picture per pixel of what was searched. */
  factor: number;
}

/** Longest side of what is searched. */
const SIDE = 1000;
/** A picture of nothing but specks has more edges than this; the strongest count. */
const MOST = 24_000;
/** Levels per pixel that noise and JPEG do not reach after smoothing. */
const LEAST = 4;

/** The strongest edges of a picture, found on a reduced one; work and memory are bounded whatever it shows. */
export function findEdges(picture: Frame): EdgePoints {
  const factor = Math.max(1, Math.ceil(Math.max(picture.width, picture.height) / SIDE));
  const frame = smoothed(reduceFrame(picture, factor));
  const {width, height} = frame;
  const {dx, dy, strength} = gradients(frame);
  const least = Math.max(LEAST, 3 * typicalStrength(strength));
  const found: number[] = [];
  for (let y = 2; y < height - 2; y++)
    for (let x = 2; x < width - 2; x++) {
      const at = y * width + x;
      if (strength[at] >= least && offsetOfPeak(strength, at, dx[at], dy[at], width) !== undefined) found.push(at);
    }
  if (found.length > MOST) {
    found.sort((a, b) => strength[b] - strength[a]);
    found.length = MOST;
  }
  const points = emptyPoints(found.length, factor);
  for (const [i, at] of found.entries()) {
    const [gx, gy] = [dx[at] / strength[at], dy[at] / strength[at]];
    const offset = offsetOfPeak(strength, at, dx[at], dy[at], width) ?? 0;
    points.x[i] = ((at % width) + 0.5 + offset * gx) * factor;
    points.y[i] = (Math.floor(at / width) + 0.5 + offset * gy) * factor;
    points.gx[i] = gx;
    points.gy[i] = gy;
    points.strength[i] = strength[at];
  }
  return points;
}

function emptyPoints(count: number, factor: number): EdgePoints {
  const numbers = () => new Float64Array(count);
  return {count, x: numbers(), y: numbers(), gx: numbers(), gy: numbers(), strength: numbers(), factor};
}

/** Binomial 3 x 3; the border stays as it is. */
function smoothed({width, height, data}: Frame): Frame {
  const across = new Uint16Array(data.length);
  const out = new Uint8Array(data);
  const row = width * 3;
  for (let y = 0; y < height; y++)
    for (let i = y * row + 3; i < (y + 1) * row - 3; i++) across[i] = data[i - 3] + 2 * data[i] + data[i + 3];
  for (let y = 1; y < height - 1; y++)
    for (let i = y * row + 3; i < (y + 1) * row - 3; i++)
      out[i] = (across[i - row] + 2 * across[i] + across[i + row] + 8) >> 4;
  return {width, height, data: out};
}

interface Gradients {
  dx: Float32Array;
  dy: Float32Array;
  strength: Float32Array;
}

/** Sobel's operator, of the channel in which it is largest. */
function gradients({width, height, data}: Frame): Gradients {
  const [dx, dy] = [new Float32Array(width * height), new Float32Array(width * height)];
  const strength = new Float32Array(width * height);
  const row = width * 3;
  for (let y = 1; y < height - 1; y++)
    for (let x = 1; x < width - 1; x++) {
      const at = y * width + x;
      let largest = 0;
      for (let i = at * 3; i < at * 3 + 3; i++) {
        const [above, below] = [i - row, i + row];
        const [nw, ne, sw, se] = [data[above - 3], data[above + 3], data[below - 3], data[below + 3]];
        const h = ne + se - nw - sw + 2 * (data[i + 3] - data[i - 3]);
        const v = sw + se - nw - ne + 2 * (data[below] - data[above]);
        const square = h * h + v * v;
        if (square <= largest) continue;
        largest = square;
        dx[at] = h / 8;
        dy[at] = v / 8;
      }
      strength[at] = Math.sqrt(largest) / 8;
    }
  return {dx, dy, strength};
}

/** Most of a picture is ground: its texture must not count as edges. */
function typicalStrength(strength: Float32Array): number {
  const counts = new Int32Array(256);
  for (const value of strength) counts[Math.min(255, value * 2) | 0]++;
  for (let level = 0, below = 0; level < 256; level++) {
    below += counts[level];
    if (2 * below >= strength.length) return level / 2;
  }
  return 128;
}

/** How far along the gradient the strength is largest, in pixels; undefined where a neighbor is stronger. */
function offsetOfPeak(strength: Float32Array, at: number, dx: number, dy: number, width: number): number | undefined {
  const [gx, gy] = [dx / strength[at], dy / strength[at]];
  const before = sampleAt(strength, at, -gx, -gy, width);
  const after = sampleAt(strength, at, gx, gy, width);
  if (before > strength[at] || after >= strength[at]) return undefined;
  const bend = before + after - 2 * strength[at];
  return bend < 0 ? (before - after) / (2 * bend) : 0;
}

function sampleAt(values: Float32Array, at: number, dx: number, dy: number, width: number): number {
  const [x, y] = [Math.floor(dx), Math.floor(dy)];
  const [u, v] = [dx - x, dy - y];
  const i = at + y * width + x;
  const upper = values[i] * (1 - u) + values[i + 1] * u;
  return upper * (1 - v) + (values[i + width] * (1 - u) + values[i + width + 1] * u) * v;
}
