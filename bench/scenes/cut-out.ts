import type {Frame} from '../../src/image/frame.ts';
import {enclose} from './enclose.ts';

/** A grain cut out of its picture, ready to be laid anywhere. */
export interface CutOut {
  label: string;
  file: string;
  /** The same at 1, 1/2, 1/4 ... of its size. */
  levels: Level[];
  /** Centroid and long axis (radians) in pixels of the first level, whatever levels are kept. */
  x: number;
  y: number;
  axis: number;
  /** Where it ends along its axis, from the centroid. */
  from: number;
  to: number;
  /** Across it. */
  breadth: number;
  /** Of the smallest enclosing rectangle. */
  length: number;
}

/** Red, green and blue multiplied by the cover, and the cover, interleaved. */
export interface Level {
  /** Pixels of the picture for one of this level. */
  step: number;
  width: number;
  height: number;
  data: Uint8Array;
}

/** Below this brightness nothing belongs to a grain. */
const DARK = 40;
/** Where the edge begins and ends, as shares of the grain's median brightness; their mean is at half of it. */
const EDGE = [0.2, 0.8] as const;
/** So deep inside the grain (in pixels), dark spots are the grain's own. */
const DEEP = 3;
/** Around the grain, so that interpolation finds its end at an eighth of its size as well. */
const MARGIN = 8;

/**
 * Cuts the only grain out of a picture on black. Cover is 0.5 where the brightness is half of the grain's median.
 *
 * @returns undefined if there is no grain, or the picture's border cuts it
 */
export function cutOut({width, height, data}: Frame, label: string, file: string): CutOut | undefined {
  const bright = new Uint8Array(width * height);
  for (let i = 0, at = 0; i < bright.length; i++, at += 3)
    bright[i] = (data[at] * 77 + data[at + 1] * 150 + data[at + 2] * 29) >> 8;
  const typical = medianAbove(bright, DARK);
  if (typical === undefined) return undefined;
  const region = largestRegion(bright, width, height, typical * EDGE[0], typical / 2);
  if (!region) return undefined;
  const deep = erode(region.inside, width, height, DEEP);
  const cover = new Float32Array(width * height);
  for (let i = 0; i < cover.length; i++)
    if (deep[i]) cover[i] = 1;
    else if (region.near[i]) {
      const share = (bright[i] / typical - EDGE[0]) / (EDGE[1] - EDGE[0]);
      cover[i] = share <= 0 ? 0 : share >= 1 ? 1 : share;
    }
  const left = region.left - MARGIN;
  const top = region.top - MARGIN;
  const [w, h] = [region.right + MARGIN + 1 - left, region.bottom + MARGIN + 1 - top];
  const cut = region.left === 0 || region.top === 0 || region.right === width - 1 || region.bottom === height - 1;
  if (cut) return undefined;
  const first: Level = {step: 1, width: w, height: h, data: new Uint8Array(w * h * 4)};
  for (let y = 0; y < h; y++)
    for (let x = 0; x < w; x++) {
      if (x + left < 0 || y + top < 0 || x + left >= width || y + top >= height) continue;
      const from = (y + top) * width + x + left;
      const to = (y * w + x) * 4;
      const share = cover[from];
      if (share === 0) continue;
      // What the black ground took from the edge is given back, to most of the grain's brightness: rims are darker.
      const gain = share < 1 ? Math.max(1, (0.85 * typical) / Math.max(8, bright[from])) : 1;
      for (let c = 0; c < 3; c++) first.data[to + c] = Math.round(Math.min(255, data[from * 3 + c] * gain) * share);
      first.data[to + 3] = Math.round(255 * share);
    }
  return {label, file, levels: [first, ...halves(first)], ...measure(first)};
}

function medianAbove(levels: Uint8Array, least: number): number | undefined {
  const counts = new Uint32Array(256);
  let total = 0;
  for (const level of levels)
    if (level >= least) {
      counts[level]++;
      total++;
    }
  let seen = 0;
  for (let level = 0; level < 256; level++) {
    seen += counts[level];
    if (total > 100 && seen * 2 >= total) return level;
  }
  return undefined;
}

interface Region {
  /** Above half of the brightness. */
  inside: Uint8Array;
  /** Above the edge's beginning. */
  near: Uint8Array;
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/** The largest connected part that is at least `low` bright, and within it what is at least `half` bright. */
function largestRegion(
  bright: Uint8Array,
  width: number,
  height: number,
  low: number,
  half: number,
): Region | undefined {
  const seen = new Uint8Array(bright.length);
  let best: number[] = [];
  for (let start = 0; start < bright.length; start++) {
    if (seen[start] || bright[start] < half) continue;
    const stack = [start];
    const found: number[] = [];
    seen[start] = 1;
    while (stack.length > 0) {
      const at = stack.pop()!;
      found.push(at);
      const x = at % width;
      for (const next of [x > 0 ? at - 1 : -1, x < width - 1 ? at + 1 : -1, at - width, at + width])
        if (next >= 0 && next < bright.length && !seen[next] && bright[next] >= low) {
          seen[next] = 1;
          stack.push(next);
        }
    }
    if (found.length > best.length) best = found;
  }
  if (best.length < 100) return undefined;
  const region = {
    inside: new Uint8Array(bright.length),
    near: new Uint8Array(bright.length),
    left: width,
    top: height,
    right: 0,
    bottom: 0,
  };
  for (const at of best) {
    region.near[at] = 1;
    if (bright[at] >= half) region.inside[at] = 1;
    const [x, y] = [at % width, Math.floor(at / width)];
    region.left = Math.min(region.left, x);
    region.right = Math.max(region.right, x);
    region.top = Math.min(region.top, y);
    region.bottom = Math.max(region.bottom, y);
  }
  return region;
}

/** Squares of side 2 `radius` + 1, in two passes. */
function erode(mask: Uint8Array, width: number, height: number, radius: number): Uint8Array {
  const pass = (from: Uint8Array, step: number, lines: number, lineStep: number, length: number) => {
    const out = new Uint8Array(from.length);
    for (let line = 0; line < lines; line++)
      for (let i = 0, run = 0; i < length; i++) {
        const at = line * lineStep + i * step;
        run = from[at] ? run + 1 : 0;
        if (run > 2 * radius) out[at - radius * step] = 1;
      }
    return out;
  };
  return pass(pass(mask, 1, height, width, width), width, width, 1, height);
}

function halves(level: Level): Level[] {
  const all: Level[] = [];
  for (let last = level; Math.min(last.width, last.height) > 24; ) {
    const [width, height] = [(last.width + 1) >> 1, (last.height + 1) >> 1];
    const data = new Uint8Array(width * height * 4);
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++)
        for (let c = 0; c < 4; c++) {
          let sum = 0;
          for (let dy = 0; dy < 2; dy++)
            for (let dx = 0; dx < 2; dx++)
              if (2 * x + dx < last.width && 2 * y + dy < last.height)
                sum += last.data[((2 * y + dy) * last.width + 2 * x + dx) * 4 + c];
          data[(y * width + x) * 4 + c] = (sum + 2) >> 2;
        }
    last = {step: last.step * 2, width, height, data};
    all.push(last);
  }
  return all;
}

function measure({width, height, data}: Level): Omit<CutOut, 'label' | 'file' | 'levels'> {
  const cover = new Uint8Array(width * height);
  for (let i = 0; i < cover.length; i++) cover[i] = data[i * 4 + 3];
  const {x, y, axis, hull, length} = enclose(cover, width, height);
  const radians = (axis * Math.PI) / 180;
  const [cos, sin] = [Math.cos(radians), Math.sin(radians)];
  const along = hull.map(([px, py]) => (px - x) * cos + (py - y) * sin);
  const across = hull.map(([px, py]) => (py - y) * cos - (px - x) * sin);
  return {
    x,
    y,
    axis: radians,
    from: Math.min(...along),
    to: Math.max(...along),
    breadth: Math.max(...across) - Math.min(...across),
    length,
  };
}
