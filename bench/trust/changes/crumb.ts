import type {RandomStream} from '../../../src/evaluation/robustness/random-stream.ts';
import type {Frame} from '../../../src/image/frame.ts';
import {between, direction, toFrame} from './change.ts';
import type {Grain} from './grain.ts';
import type {Subject} from './subject.ts';

/** How often another place is tried where a crumb would reach beyond the picture. */
const TRIES = 40;

/**
 * Lays a crumb of rice beside the grain.
 *
 * @param gap pixels between both; 0 where they touch
 */
export function withCrumb({frame, grain}: Subject, gap: number, random: RandomStream): Frame {
  const {width, height, data} = frame;
  const radius = between(random, 7, 12);
  const waves = Array.from({length: 4}, (_, i) => [between(random, 0, 0.3 / (i + 1)), between(random, 0, 6.28)]);
  const reachAt = (turn: number) =>
    radius * waves.reduce((sum, [size, phase], i) => sum + size * Math.cos((i + 1) * turn + phase), 0.85);
  const shareAt = (dx: number, dy: number) =>
    Math.min(1, Math.max(0, reachAt(Math.atan2(dy, dx)) - Math.hypot(dx, dy) + 0.5));
  const [x, y] = placeFor(frame, grain, radius * 1.5, gap, shareAt, random);
  const color = [0, 1, 2].map((c) => meanColor(grain.color, grain.cover, c) * between(random, 0.9, 1.02));
  const [lampX, lampY] = direction(random);
  const levels = Float32Array.from(data);
  for (let pixel = 0, at = 0; pixel < width * height; pixel++, at += 3) {
    const [dx, dy] = [(pixel % width) - x, Math.floor(pixel / width) - y];
    if (Math.abs(dx) > 2 * radius || Math.abs(dy) > 2 * radius) continue;
    // It lies behind the grain where they touch.
    const share = shareAt(dx, dy) * (1 - grain.cover[pixel]);
    const light = 1 + (0.12 * (dx * lampX + dy * lampY)) / radius;
    for (let c = 0; c < 3; c++) levels[at + c] = (1 - share) * levels[at + c] + share * color[c] * light;
  }
  return toFrame(width, height, levels);
}

/** Moves out from the grain until the crumb lies free of it, and then by the gap. */
function placeFor(
  {width, height}: Frame,
  {cover, x, y, breadth}: Grain,
  margin: number,
  gap: number,
  shareAt: (dx: number, dy: number) => number,
  random: RandomStream,
): [number, number] {
  let place: [number, number] = [x, y];
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const [cos, sin] = direction(random);
    let distance = breadth / 4;
    const overlaps = () => {
      const reach = Math.ceil(margin);
      const [centerX, centerY] = [x + distance * cos, y + distance * sin];
      let [both, own] = [0, 0];
      for (let dy = -reach; dy <= reach; dy++)
        for (let dx = -reach; dx <= reach; dx++) {
          const share = shareAt(dx, dy);
          const [column, row] = [Math.round(centerX + dx), Math.round(centerY + dy)];
          own += share;
          if (column >= 0 && row >= 0 && column < width && row < height) both += share * cover[row * width + column];
        }
      return both > 0.04 * own;
    };
    while (distance < 300 && overlaps()) distance++;
    distance += gap;
    place = [x + distance * cos, y + distance * sin];
    const inside = place[0] > margin && place[1] > margin && place[0] < width - margin && place[1] < height - margin;
    if (inside) return place;
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
