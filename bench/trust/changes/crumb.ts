import type {RandomStream} from '../../../src/evaluation/robustness/random-stream.ts';
import type {Frame} from '../../../src/image/frame.ts';
import {between, direction, toFrame} from './change.ts';
import type {Grain} from './grain.ts';
import type {Subject} from './subject.ts';

/** How often another place is tried where a crumb would reach beyond the picture. */
const TRIES = 40;
/** Share of a crumb that lies behind the grain where both touch. */
const OVERLAP = 0.04;

/** Half of the side of the square in which a crumb is drawn. */
const HALF = 20;
const SIDE = 2 * HALF + 1;

/**
 * Lays a crumb of rice beside the grain.
 *
 * @param gap pixels between both; 0 where they touch
 */
export function withCrumb({frame, grain}: Subject, gap: number, random: RandomStream): Frame {
  const {width, height, data} = frame;
  const {shares, radius} = drawCrumb(random);
  const [left, top] = placeFor(frame, grain, radius, gap, shares, random);
  const color = [0, 1, 2].map((c) => meanColor(grain.color, grain.cover, c) * between(random, 0.9, 1.02));
  const [lampX, lampY] = direction(random);
  const levels = Float32Array.from(data);
  for (let i = 0; i < shares.length; i++) {
    const [x, y] = [left + (i % SIDE), top + Math.floor(i / SIDE)];
    if (x < 0 || y < 0 || x >= width || y >= height) continue;
    const pixel = y * width + x;
    // It lies behind the grain where they touch.
    const share = shares[i] * (1 - grain.cover[pixel]);
    const light = 1 + (0.12 * ((x - left - HALF) * lampX + (y - top - HALF) * lampY)) / radius;
    for (let c = 0; c < 3; c++) levels[pixel * 3 + c] = (1 - share) * levels[pixel * 3 + c] + share * color[c] * light;
  }
  return toFrame(width, height, levels);
}

/** The share of each pixel that is crumb, and how far it reaches. */
function drawCrumb(random: RandomStream): {shares: Float32Array; radius: number} {
  const mean = between(random, 6, 10);
  const waves = Array.from({length: 4}, (_, i) => [between(random, 0, 0.3 / (i + 1)), between(random, 0, 2 * Math.PI)]);
  let radius = 0;
  const shares = Float32Array.from({length: SIDE * SIDE}, (_, i) => {
    const [dx, dy] = [(i % SIDE) - HALF, Math.floor(i / SIDE) - HALF];
    const turn = Math.atan2(dy, dx);
    const reach = mean * waves.reduce((sum, [size, phase], k) => sum + size * Math.cos((k + 1) * turn + phase), 1);
    const share = Math.min(1, Math.max(0, reach - Math.hypot(dx, dy) + 0.5));
    if (share > 0) radius = Math.max(radius, Math.hypot(dx, dy));
    return share;
  });
  return {shares, radius};
}

/** Where its square begins: moved out from the grain until the crumb lies free of it, and then by the gap. */
function placeFor(
  {width, height}: Frame,
  {cover, x, y, breadth}: Grain,
  radius: number,
  gap: number,
  shares: Float32Array,
  random: RandomStream,
): [left: number, top: number] {
  const own = shares.reduce((sum, share) => sum + share, 0);
  const overlaps = (left: number, top: number) => {
    let both = 0;
    for (let i = 0; i < shares.length; i++) {
      const [column, row] = [left + (i % SIDE), top + Math.floor(i / SIDE)];
      if (shares[i] > 0 && column >= 0 && row >= 0 && column < width && row < height)
        both += shares[i] * cover[row * width + column];
    }
    return both > OVERLAP * own;
  };
  let place: [number, number] = [0, 0];
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const [cos, sin] = direction(random);
    const at = (distance: number): [number, number] => [
      Math.round(x + distance * cos) - HALF,
      Math.round(y + distance * sin) - HALF,
    ];
    let distance = breadth / 4;
    while (distance < width && overlaps(...at(distance))) distance++;
    place = at(distance + gap);
    const [centerX, centerY] = [place[0] + HALF, place[1] + HALF];
    const margin = radius + 2;
    if (centerX > margin && centerY > margin && centerX < width - margin && centerY < height - margin) break;
  }
  return place;
}

function meanColor(color: Float32Array, cover: Float32Array, channel: number): number {
  let [sum, count] = [0, 0];
  for (let pixel = 0; pixel < cover.length; pixel++)
    if (cover[pixel] === 1) {
      sum += color[pixel * 3 + channel];
      count++;
    }
  return count === 0 ? 200 : sum / count;
}
