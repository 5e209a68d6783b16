import type {RandomStream} from '../../../src/evaluation/robustness/random-stream.ts';
import type {Frame} from '../../../src/image/frame.ts';
import {toFrame} from './change.ts';

/** A kernel: how much of the pixel that is (dx, dy) away is added. */
type Tap = readonly [dx: number, dy: number, weight: number];

/** Each pixel as a weighted sum of those around; those of the border go on beyond it. */
export function convolved({width, height, data}: Frame, taps: readonly Tap[]): Float32Array {
  const reach = taps.reduce((most, [dx, dy]) => Math.max(most, Math.abs(dx), Math.abs(dy)), 0);
  const stride = (width + 2 * reach) * 3;
  const padded = new Float32Array(stride * (height + 2 * reach));
  for (let y = -reach, to = 0; y < height + reach; y++) {
    const row = clamped(y, height) * width;
    for (let x = -reach; x < width + reach; x++)
      for (let c = 0, from = (row + clamped(x, width)) * 3; c < 3; c++) padded[to++] = data[from++];
  }
  const sums = new Float32Array(data.length);
  // Row by row, so that what is added up stays in the processor's cache.
  for (let y = 0; y < height; y++) {
    const row = sums.subarray(y * width * 3, (y + 1) * width * 3);
    for (const [dx, dy, weight] of taps) {
      const from = padded.subarray((y + reach + dy) * stride + (reach + dx) * 3);
      for (let i = 0; i < row.length; i++) row[i] += weight * from[i];
    }
  }
  return sums;
}

function clamped(place: number, size: number): number {
  return Math.min(size - 1, Math.max(0, place));
}

/** A sum of rows and then of columns, weighted by a Gaussian. */
export function gaussian(frame: Frame, sigma: number): Frame {
  const reach = Math.ceil(3 * sigma);
  const weights = Array.from({length: 2 * reach + 1}, (_, i) => Math.exp(-((i - reach) ** 2) / (2 * sigma ** 2)));
  const sum = weights.reduce((total, weight) => total + weight, 0);
  const line = (along: 0 | 1): Tap[] =>
    weights.map((weight, i) => [along ? 0 : i - reach, along ? i - reach : 0, weight / sum]);
  const rows = toFrame(frame.width, frame.height, convolved(frame, line(0)));
  return toFrame(frame.width, frame.height, convolved(rows, line(1)));
}

/** A lens out of focus: every point becomes a disc of this radius. The light of a pixel counts by its share in the disc. */
export function defocused(frame: Frame, radius: number): Frame {
  const reach = Math.ceil(radius);
  const taps: [number, number, number][] = [];
  for (let dy = -reach; dy <= reach; dy++)
    for (let dx = -reach; dx <= reach; dx++) {
      const share = Math.min(1, Math.max(0, radius + 0.5 - Math.hypot(dx, dy)));
      if (share > 0) taps.push([dx, dy, share]);
    }
  return normalized(frame, taps);
}

/** A hand that moved: every point becomes a line of this length. */
export function moved(frame: Frame, length: number, [cos, sin]: readonly [number, number]): Frame {
  const shares = new Map<string, [number, number, number]>();
  const steps = 4 * Math.ceil(length);
  for (let step = 0; step < steps; step++) {
    const along = length * ((step + 0.5) / steps - 0.5);
    const [x, y] = [along * cos, along * sin];
    const [left, top] = [Math.floor(x), Math.floor(y)];
    const [fx, fy] = [x - left, y - top];
    for (const [dx, dy, weight] of [
      [left, top, (1 - fx) * (1 - fy)],
      [left + 1, top, fx * (1 - fy)],
      [left, top + 1, (1 - fx) * fy],
      [left + 1, top + 1, fx * fy],
    ] as const) {
      const tap = shares.get(`${dx} ${dy}`) ?? [dx, dy, 0];
      tap[2] += weight;
      shares.set(`${dx} ${dy}`, tap);
    }
  }
  return normalized(frame, [...shares.values()]);
}

function normalized(frame: Frame, taps: readonly Tap[]): Frame {
  const sum = taps.reduce((total, [, , weight]) => total + weight, 0);
  return toFrame(
    frame.width,
    frame.height,
    convolved(
      frame,
      taps.map(([dx, dy, weight]) => [dx, dy, weight / sum]),
    ),
  );
}

/** Unsharp masking, as phones do: what a blur takes away is added `amount` times. */
export function sharpened(frame: Frame, sigma: number, amount: number): Frame {
  const soft = gaussian(frame, sigma).data;
  const levels = new Float32Array(soft.length);
  for (let i = 0; i < levels.length; i++) levels[i] = frame.data[i] + amount * (frame.data[i] - soft[i]);
  return toFrame(frame.width, frame.height, levels);
}

/** Noise that differs in each channel of each pixel. */
export function noisy({width, height, data}: Frame, sigma: number, random: RandomStream): Frame {
  const levels = new Float32Array(data.length + 1);
  for (let i = 0; i < data.length; i += 2) {
    const [a, b] = random.normals();
    levels[i] = data[i] + sigma * a;
    levels[i + 1] = data[i + 1] + sigma * b;
  }
  return toFrame(width, height, levels.subarray(0, data.length));
}
