import type {Random} from '../../src/training/random.ts';
import type {CutOut, Level} from './cut-out.ts';
import {type Enclosed, enclose} from './enclose.ts';

/** A grain turned, shrunk and perhaps broken, in the pixels of a scene. */
export interface Sprite {
  source: CutOut;
  width: number;
  height: number;
  /** Red, green and blue multiplied by the cover. */
  data: Uint8Array;
  cover: Uint8Array;
  /** In the sprite's own pixels. */
  shape: Enclosed;
  /** Pixels that are at least half covered. */
  pixels: number;
  keptShare: number;
}

export interface SpriteOptions {
  scale: number;
  /** Turn in radians. */
  angle: number;
  /** What share of its length is kept; the rest is broken off. */
  kept?: number;
}

/** Knots of the line of a break, across the grain. */
const KNOTS = 12;

/** Turns and shrinks a grain, antialiased: bilinear from the level that is at most twice as large. */
export function makeSprite(source: CutOut, {scale, angle, kept = 1}: SpriteOptions, random: Random): Sprite {
  const {level, zoom} = levelFor(source, scale);
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const [halfWidth, halfHeight] = [(level.width * zoom) / 2, (level.height * zoom) / 2];
  const width = Math.ceil(2 * (Math.abs(halfWidth * cos) + Math.abs(halfHeight * sin))) + 3;
  const height = Math.ceil(2 * (Math.abs(halfWidth * sin) + Math.abs(halfHeight * cos))) + 3;
  const data = new Uint8Array(width * height * 3);
  const cover = new Uint8Array(width * height);
  // A part of a pixel, so that grains do not all lie on the pixels' grid.
  const [middleX, middleY] = [width / 2 + random.uniform(-0.5, 0.5), height / 2 + random.uniform(-0.5, 0.5)];
  const keep = kept < 1 ? makeBreak(source, kept, scale, random) : undefined;
  const {data: from, width: fromWidth, height: fromHeight, step} = level;
  const right = fromWidth - 1;
  const bottom = fromHeight - 1;
  for (let y = 0; y < height; y++) {
    const dy = (y + 0.5 - middleY) / zoom;
    for (let x = 0; x < width; x++) {
      const dx = (x + 0.5 - middleX) / zoom;
      const sx = dx * cos + dy * sin + fromWidth / 2 - 0.5;
      const sy = dy * cos - dx * sin + fromHeight / 2 - 0.5;
      if (sx < 0 || sy < 0 || sx >= right || sy >= bottom) continue;
      const [left, top] = [Math.floor(sx), Math.floor(sy)];
      const [fx, fy] = [sx - left, sy - top];
      const at = (top * fromWidth + left) * 4;
      const below = at + fromWidth * 4;
      const [a, b, c, d] = [(1 - fx) * (1 - fy), fx * (1 - fy), (1 - fx) * fy, fx * fy];
      let share = from[at + 3] * a + from[at + 7] * b + from[below + 3] * c + from[below + 7] * d;
      if (share < 0.5) continue;
      let gain = 1;
      if (keep) {
        gain = keep((sx + 0.5) * step, (sy + 0.5) * step);
        if (gain <= 0) continue;
        share *= gain;
      }
      const to = (y * width + x) * 3;
      for (let channel = 0; channel < 3; channel++)
        data[to + channel] =
          gain *
            (from[at + channel] * a +
              from[at + 4 + channel] * b +
              from[below + channel] * c +
              from[below + 4 + channel] * d) +
          0.5;
      cover[y * width + x] = share + 0.5;
    }
  }
  let pixels = 0;
  for (const share of cover) if (share >= 128) pixels++;
  return {source, width, height, data, cover, shape: enclose(cover, width, height), pixels, keptShare: kept};
}

function levelFor({levels}: CutOut, scale: number): {level: Level; zoom: number} {
  const level = levels.findLast(({step}) => step * scale <= 1.001) ?? levels[0];
  return {level, zoom: level.step * scale};
}

/** How much of each place of the picture is left: 1 on the kept side of a rough, slanted line across the grain. */
function makeBreak(source: CutOut, kept: number, scale: number, random: Random): (x: number, y: number) => number {
  const {x: centerX, y: centerY, axis, from, to, breadth} = source;
  const side = random.chance(0.5) ? 1 : -1;
  const [cos, sin] = [side * Math.cos(axis), side * Math.sin(axis)];
  const start = side > 0 ? from : -to;
  const cut = start + kept * (to - from);
  const slant = Math.tan(random.uniform(-0.35, 0.35));
  const rough = Float32Array.from({length: KNOTS + 2}, () => random.uniform(-0.03, 0.03) * breadth);
  return (x, y) => {
    const [dx, dy] = [x - centerX, y - centerY];
    const u = dx * cos + dy * sin;
    const v = dy * cos - dx * sin;
    const knot = Math.max(0, Math.min(KNOTS, (v / breadth + 0.5) * KNOTS));
    const i = Math.floor(knot);
    const line = cut + slant * v + rough[i] + (knot - i) * (rough[i + 1] - rough[i]);
    const depth = (line - u) * scale + 0.5;
    return depth <= 0 ? 0 : depth >= 1 ? 1 : depth;
  };
}
