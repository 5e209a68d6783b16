import type {Frame} from '../../../src/image/frame.ts';

/** A grain cut out of a picture on black, in its pixels. */
export interface Grain {
  /** The share of each pixel that is grain. */
  cover: Float32Array;
  /** Its colors, three a pixel, without the black that shines through at its edge; 0 away from it. */
  color: Float32Array;
  /** Centroid, and the direction of the long axis. */
  x: number;
  y: number;
  cos: number;
  sin: number;
  /** Where it begins and ends along its axis, from the centroid, and its greatest breadth. */
  from: number;
  to: number;
  breadth: number;
  /** Its bounding box: first and last column and row. */
  left: number;
  right: number;
  top: number;
  bottom: number;
}

/** Nothing darker belongs to a grain. */
const DARK = 40;
/** Where the edge begins and ends, in shares of the median brightness of the grain around. */
const EDGE = [0.2, 0.8] as const;
/** How far the color of an edge pixel is looked for, in pixels. */
const REACH = 4;

/**
 * Cuts out the largest bright thing. At the edge the cover is the brightness as a share of the median in the grain.
 *
 * @throws Error where nothing is bright
 */
export function grainOf({width, height, data}: Frame): Grain {
  const light = Float32Array.from({length: width * height}, (_, i) => brightnessAt(data, i * 3));
  const bright = Array.from(light.filter((level) => level > DARK)).sort((a, b) => a - b);
  if (bright.length < 50) throw new Error('there is no grain in the picture');
  const median = bright[bright.length >> 1];
  const outer = largestPart(light, width, height, EDGE[0] * median);
  const solid = filled(outer, width, height);
  const cover = new Float32Array(light.length);
  for (let i = 0; i < cover.length; i++)
    if (solid[i])
      cover[i] = isDeep(solid, width, height, i)
        ? 1
        : Math.min(1, Math.max(0, (light[i] / median - EDGE[0]) / (EDGE[1] - EDGE[0])));
  return {cover, color: unmixed(data, cover, width, height), ...measured(cover, width)};
}

function brightnessAt(data: Uint8Array, at: number): number {
  return 0.299 * data[at] + 0.587 * data[at + 1] + 0.114 * data[at + 2];
}

/** 1 for the pixels of the largest connected part above a level. */
function largestPart(light: Float32Array, width: number, height: number, level: number): Uint8Array {
  const seen = new Uint8Array(light.length);
  let best: number[] = [];
  for (let start = 0; start < light.length; start++) {
    if (seen[start] || light[start] < level) continue;
    const part = [start];
    seen[start] = 1;
    for (let next = 0; next < part.length; next++)
      for (const other of neighbors(part[next], width, height)) {
        if (seen[other] || light[other] < level) continue;
        seen[other] = 1;
        part.push(other);
      }
    if (part.length > best.length) best = part;
  }
  const mask = new Uint8Array(light.length);
  for (const pixel of best) mask[pixel] = 1;
  return mask;
}

/** A mask with its holes filled: what cannot be reached from the border. */
function filled(mask: Uint8Array, width: number, height: number): Uint8Array {
  const solid = new Uint8Array(mask.length).fill(1);
  const open: number[] = [];
  const visit = (pixel: number) => {
    if (mask[pixel] || !solid[pixel]) return;
    solid[pixel] = 0;
    open.push(pixel);
  };
  for (let x = 0; x < width; x++) for (const y of [0, height - 1]) visit(y * width + x);
  for (let y = 0; y < height; y++) for (const x of [0, width - 1]) visit(y * width + x);
  for (let pixel = open.pop(); pixel !== undefined; pixel = open.pop())
    for (const other of neighbors(pixel, width, height)) visit(other);
  return solid;
}

function neighbors(pixel: number, width: number, height: number): number[] {
  const x = pixel % width;
  const found: number[] = [];
  if (x > 0) found.push(pixel - 1);
  if (x < width - 1) found.push(pixel + 1);
  if (pixel >= width) found.push(pixel - width);
  if (pixel < width * (height - 1)) found.push(pixel + width);
  return found;
}

/** Whether all pixels three away are grain as well: there a dark spot is the grain's own. */
function isDeep(mask: Uint8Array, width: number, height: number, pixel: number): boolean {
  const x = pixel % width;
  const y = (pixel - x) / width;
  for (const [dx, dy] of [
    [3, 0],
    [-3, 0],
    [0, 3],
    [0, -3],
    [2, 2],
    [-2, 2],
    [2, -2],
    [-2, -2],
  ]) {
    if (x + dx < 0 || y + dy < 0 || x + dx >= width || y + dy >= height) continue;
    if (mask[pixel + dy * width + dx] === 0) return false;
  }
  return true;
}

/** The colors; where a pixel is not all grain, the mean of the pixels around that are. */
function unmixed(data: Uint8Array, cover: Float32Array, width: number, height: number): Float32Array {
  const color = new Float32Array(data.length);
  for (let pixel = 0; pixel < cover.length; pixel++) {
    if (cover[pixel] === 0) continue;
    if (cover[pixel] === 1) {
      for (let c = 0; c < 3; c++) color[pixel * 3 + c] = data[pixel * 3 + c];
      continue;
    }
    const x = pixel % width;
    const y = (pixel - x) / width;
    const sums = [0, 0, 0];
    let count = 0;
    for (let row = Math.max(0, y - REACH); row <= Math.min(height - 1, y + REACH); row++)
      for (let column = Math.max(0, x - REACH); column <= Math.min(width - 1, x + REACH); column++) {
        const other = row * width + column;
        if (cover[other] < 1) continue;
        count++;
        for (let c = 0; c < 3; c++) sums[c] += data[other * 3 + c];
      }
    for (let c = 0; c < 3; c++)
      color[pixel * 3 + c] = count > 0 ? sums[c] / count : Math.min(255, data[pixel * 3 + c] / cover[pixel]);
  }
  return color;
}

function measured(cover: Float32Array, width: number): Omit<Grain, 'cover' | 'color'> {
  let [total, sumX, sumY] = [0, 0, 0];
  let [left, right, top, bottom] = [Number.POSITIVE_INFINITY, 0, Number.POSITIVE_INFINITY, 0];
  const pixels: [number, number, number][] = [];
  for (let pixel = 0; pixel < cover.length; pixel++) {
    const share = cover[pixel];
    if (share === 0) continue;
    const x = pixel % width;
    const y = (pixel - x) / width;
    total += share;
    sumX += share * x;
    sumY += share * y;
    if (share < 0.5) continue;
    pixels.push([x, y, share]);
    [left, right, top, bottom] = [Math.min(left, x), Math.max(right, x), Math.min(top, y), Math.max(bottom, y)];
  }
  const [x, y] = [sumX / total, sumY / total];
  let [xx, xy, yy] = [0, 0, 0];
  for (const [px, py] of pixels) {
    xx += (px - x) ** 2;
    xy += (px - x) * (py - y);
    yy += (py - y) ** 2;
  }
  const angle = Math.atan2(2 * xy, xx - yy) / 2;
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  let [from, to, low, high] = [0, 0, 0, 0];
  for (const [px, py] of pixels) {
    const along = (px - x) * cos + (py - y) * sin;
    const across = (py - y) * cos - (px - x) * sin;
    [from, to] = [Math.min(from, along), Math.max(to, along)];
    [low, high] = [Math.min(low, across), Math.max(high, across)];
  }
  return {x, y, cos, sin, from, to, breadth: high - low, left, right, top, bottom};
}
