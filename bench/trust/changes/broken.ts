import type {RandomStream} from '../../../src/evaluation/robustness/random-stream.ts';
import type {Frame} from '../../../src/image/frame.ts';
import {between, toFrame} from './change.ts';
import type {Subject} from './subject.ts';

/** Knots of the line of a break, across the grain. */
const KNOTS = 9;

/** Breaks off what is more than a share of the grain's length from one of its ends, along a rough, slanted line. */
export function broken({frame, grain}: Subject, kept: number, random: RandomStream): Frame {
  const {width, height, data} = frame;
  const side = random.uniform() < 0.5 ? 1 : -1;
  const slant = Math.tan(between(random, -0.4, 0.4));
  const rough = Array.from({length: KNOTS + 1}, () => between(random, -0.05, 0.05) * grain.breadth);
  const start = side > 0 ? grain.from : -grain.to;
  const end = start + kept * (grain.to - grain.from);
  // The broken face is seen at a slant, and a little darker than the grain.
  const face = between(random, 0.02, 0.08) * grain.breadth;
  const levels = new Float32Array(data.length);
  for (let pixel = 0, at = 0; pixel < grain.cover.length; pixel++, at += 3) {
    const [dx, dy] = [(pixel % width) - grain.x, Math.floor(pixel / width) - grain.y];
    const along = side * (dx * grain.cos + dy * grain.sin);
    const across = side * (dy * grain.cos - dx * grain.sin);
    const knot = Math.min(KNOTS - 0.001, Math.max(0, (across / grain.breadth + 0.5) * KNOTS));
    const i = Math.floor(knot);
    const line = end + slant * across + rough[i] + (knot - i) * (rough[i + 1] - rough[i]);
    const share = Math.min(1, Math.max(0, (line - along) / 1.5 + 0.5));
    const light = line - along < face + 1 ? 0.85 : 1;
    for (let c = 0; c < 3; c++) levels[at + c] = data[at + c] * share * light;
  }
  return toFrame(width, height, levels);
}
