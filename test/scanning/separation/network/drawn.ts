/** Drawn grains: superellipses of which everything is known, and the fields that a faultless network would give. */

import type {Cluster} from '../../../../src/scanning/separation/network/cluster.ts';
import type {Fields} from '../../../../src/scanning/separation/network/decoding/votes.ts';
import {FIELD, FIELDS, OFFSET_UNIT, STRIDE} from '../../../../src/scanning/separation/network/fields.ts';
import {randomNumbers} from '../../../helpers/images.ts';

export interface DrawnGrain {
  x: number;
  y: number;
  /** Half axes. */
  a: number;
  b: number;
  /** Of the long one, in radians. */
  angle: number;
  /** Brightness, 0 to 255. */
  level?: number;
}

export interface Drawn extends Cluster {
  /** 0 for the ground, otherwise 1 + the number of the grain; later ones lie on earlier ones. */
  truth: Int32Array;
}

const EXPONENT = 2.3;

/** @param seed of the noise of 3 levels */
export function draw(width: number, height: number, grains: readonly DrawnGrain[], seed = 1): Drawn {
  const random = randomNumbers(seed);
  const truth = new Int32Array(width * height);
  const data = new Uint8Array(3 * width * height);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const i = y * width + x;
      let level = 40;
      grains.forEach((grain, k) => {
        const radius = radiusOf(grain, x + 0.5, y + 0.5);
        // A shadow on what lies below, and a rim darker than the middle.
        if (radius < 1.12) level *= 0.8;
        if (radius > 1) return;
        truth[i] = k + 1;
        level = (grain.level ?? 190) * (1 - 0.25 * radius ** 3);
      });
      for (let c = 0; c < 3; c++) data[3 * i + c] = Math.max(0, Math.min(255, level - 4 * c + 6 * (random() - 0.5)));
    }
  const mask = Uint8Array.from(truth, (label) => (label > 0 ? 1 : 0));
  return {width, height, mask, truth, colors: {width, height, data}};
}

function radiusOf({x, y, a, b, angle}: DrawnGrain, px: number, py: number): number {
  const [dx, dy] = [px - x, py - y];
  const u = Math.abs(dx * Math.cos(angle) + dy * Math.sin(angle)) / a;
  const v = Math.abs(dy * Math.cos(angle) - dx * Math.sin(angle)) / b;
  return (u ** EXPONENT + v ** EXPONENT) ** (1 / EXPONENT);
}

/** What a network without faults would say, its offsets wrong by up to `noise` pixels. */
export function perfectFields(
  {width, height, truth}: Drawn,
  grains: readonly DrawnGrain[],
  noise = 0,
  seed = 2,
): Fields {
  const random = randomNumbers(seed);
  const [columns, rows] = [width, height].map((size) => Math.ceil(size / STRIDE));
  const plane = columns * rows;
  const data = new Float32Array(FIELDS * plane);
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) {
      const pixels = [0, 1].flatMap((dy) => [0, 1].map((dx) => [column * STRIDE + dx, row * STRIDE + dy]));
      const labels = pixels
        .filter(([x, y]) => x < width && y < height)
        .map(([x, y]) => truth[y * width + x])
        .filter((label) => label > 0);
      if (labels.length === 0) continue;
      const {x, y, a, b, angle} = grains[labels[0] - 1];
      const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
      const put = (field: number, value: number) => {
        data[field * plane + row * columns + column] = value;
      };
      put(FIELD.dx, (x - column * STRIDE - 1 + noise * (2 * random() - 1)) / OFFSET_UNIT);
      put(FIELD.dy, (y - row * STRIDE - 1 + noise * (2 * random() - 1)) / OFFSET_UNIT);
      put(FIELD.mxx, (a * cos * cos + b * sin * sin) / OFFSET_UNIT);
      put(FIELD.mxy, ((a - b) * cos * sin) / OFFSET_UNIT);
      put(FIELD.myy, (a * sin * sin + b * cos * cos) / OFFSET_UNIT);
      put(FIELD.boundary, labels.some((label) => label !== labels[0]) ? 4 : -4);
    }
  return {columns, rows, data};
}

/** For each true grain, the largest intersection over union with one that was found. */
export function matches(truth: Int32Array, found: Int32Array): number[] {
  const [own, other] = [new Map<number, number>(), new Map<number, number>()];
  const both = new Map<string, number>();
  truth.forEach((label, i) => {
    own.set(label, (own.get(label) ?? 0) + 1);
    other.set(found[i], (other.get(found[i]) ?? 0) + 1);
    const key = `${label} ${found[i]}`;
    both.set(key, (both.get(key) ?? 0) + 1);
  });
  const best: number[] = [];
  for (const [key, shared] of both) {
    const [label, answer] = key.split(' ').map(Number);
    if (label === 0 || answer === 0) continue;
    const share = shared / (own.get(label)! + other.get(answer)! - shared);
    best[label - 1] = Math.max(best[label - 1] ?? 0, share);
  }
  return best;
}

/** Six that touch side by side and end to end, as in a heap that was shaken flat. */
export const SIX: readonly DrawnGrain[] = [
  {x: 40, y: 30, a: 21, b: 7, angle: 0.1},
  {x: 42, y: 45, a: 20, b: 7, angle: 0.05},
  {x: 81, y: 36, a: 19, b: 6.5, angle: 0.25},
  {x: 34, y: 66, a: 20, b: 7, angle: 1.2},
  {x: 55, y: 68, a: 20, b: 7.5, angle: 1.45},
  {x: 74, y: 62, a: 20, b: 7, angle: 1.7},
];

/** Three, of which two lie across the first. */
export const CROSSING: readonly DrawnGrain[] = [
  {x: 50, y: 40, a: 24, b: 7, angle: 0.1, level: 170},
  {x: 43, y: 42, a: 21, b: 6.5, angle: 1.5, level: 200},
  {x: 68, y: 28, a: 20, b: 7, angle: 0.9, level: 210},
];

/** Three, of which each lies on the end of the one before. */
export const PILED: readonly DrawnGrain[] = [
  {x: 30, y: 42, a: 21, b: 7, angle: 0.2, level: 170},
  {x: 52, y: 40, a: 21, b: 6.5, angle: 1.5, level: 200},
  {x: 66, y: 26, a: 19, b: 7, angle: 0.3, level: 220},
];
