import type {Frame} from '../../image/frame.ts';
import {inverseOf, type Symmetric} from '../../image/grain/background/metric.ts';
import {dropIslands} from './drop-islands.ts';
import {fillUnseen} from './fill-unseen.ts';
import {mostFrequentColor} from './most-frequent-color.ts';

/**
 * What the grains lie on: its color and texture at every place, under light that may change over the picture. Both are
 * known at the centers of square tiles and interpolated between them.
 */
export interface Ground {
  /** Side of a tile in cells. */
  tile: number;
  columns: number;
  rows: number;
  /** Color of each tile: RGB interleaved. */
  colors: Float32Array;
  /** Inverse covariance of the ground about its color: six numbers a tile, as in `Symmetric`. */
  metrics: Float32Array;
  /** 1 for tiles in which the ground was seen; the others are interpolated. */
  seen: Uint8Array;
  /** Standard deviation of the texture in levels, over all tiles and channels. */
  noise: number;
}

/** Tiles along the longer side. */
const TILES = 28;
const LEAST_TILE = 8;
/** Every nth cell of a tile's window is enough for its color. */
const SAMPLE_STEP = 3;
/** Levels within which cells belong to the same color; textures with more spread get a wider radius. */
const RADIUS = 30;
const MAX_RADIUS = 66;
/** In standard deviations of the texture. */
const RADIUS_IN_NOISE = 3;
/** The ground is seen where at least this share of a tile's window is near its color. */
const SEEN_SHARE = 0.16;
const MAX_SHIFTS = 12;
/** Enough to see in which tile the most frequent color is most frequent. */
const SEED_SHIFTS = 2;
/** Cameras' noise and compression; keeps the metric finite on flat grounds. */
const NOISE_FLOOR = 3;
/** The texture of one tile counts as much as that of all together. */
const OWN_TEXTURE = 0.5;

/**
 * Estimates the ground from the cells alone. The most frequent color of the picture is the ground's where it is most
 * frequent; from that tile the color is followed from tile to tile by mean shift (Fukunaga and Hostetler 1975), so that light may change by
 * any amount over the picture, and grains may cover most of a tile. Tiles in which no ground is seen, such as those under
 * a coin, are interpolated from their neighbors.
 *
 * @param cells the picture, reduced
 * @param allowed 1 for cells in which to look; all if undefined
 */
export function estimateGround(cells: Frame, allowed?: Uint8Array): Ground {
  const first = withRadius(cells, allowed, RADIUS);
  const radius = Math.min(MAX_RADIUS, RADIUS_IN_NOISE * first.noise);
  return radius > RADIUS ? withRadius(cells, allowed, radius) : first;
}

function withRadius(cells: Frame, allowed: Uint8Array | undefined, radius: number): Ground {
  const tile = Math.max(LEAST_TILE, Math.ceil(Math.max(cells.width, cells.height) / TILES));
  const columns = Math.ceil(cells.width / tile);
  const rows = Math.ceil(cells.height / tile);
  const colors = new Float32Array(columns * rows * 3);
  const seen = follow(cells, allowed, {tile, columns, rows, colors}, radius);
  dropIslands(colors, seen, columns, rows);
  fillUnseen(colors, seen, columns, rows, 3);
  const {metrics, noise} = textures(cells, allowed, {tile, columns, rows, colors, seen}, radius);
  return {tile, columns, rows, colors, metrics, seen, noise};
}

type Tiles = Pick<Ground, 'tile' | 'columns' | 'rows' | 'colors'>;

/** Follows the ground's color from tile to tile, the surest first; returns where it was seen. */
function follow(cells: Frame, allowed: Uint8Array | undefined, tiles: Tiles, radius: number): Uint8Array {
  const {columns, rows, colors} = tiles;
  const seen = new Uint8Array(columns * rows);
  const shares = new Float32Array(columns * rows).fill(-1);
  const start = mostFrequentColor(cells, allowed);
  const shifted: [number, number, number] = [0, 0, 0];
  let best = 0;
  let bestShare = -1;
  for (let i = 0; i < seen.length; i++) {
    shifted[0] = start[0];
    shifted[1] = start[1];
    shifted[2] = start[2];
    const share = shift(cells, allowed, tiles, i, shifted, radius, SEED_SHIFTS);
    if (share > bestShare) {
      best = i;
      bestShare = share;
      colors.set(shifted, i * 3);
    }
  }
  shares[best] = bestShare;
  seen[best] = 1;
  const frontier = [best];
  while (frontier.length > 0) {
    let at = 0;
    for (let i = 1; i < frontier.length; i++) if (shares[frontier[i]] > shares[frontier[at]]) at = i;
    const [from] = frontier.splice(at, 1);
    const column = from % columns;
    const row = (from - column) / columns;
    for (const [dx, dy] of [
      [-1, 0],
      [1, 0],
      [0, -1],
      [0, 1],
    ]) {
      const x = column + dx;
      const y = row + dy;
      if (x < 0 || y < 0 || x >= columns || y >= rows) continue;
      const next = y * columns + x;
      if (seen[next]) continue;
      shifted[0] = colors[from * 3];
      shifted[1] = colors[from * 3 + 1];
      shifted[2] = colors[from * 3 + 2];
      const share = shift(cells, allowed, tiles, next, shifted, radius);
      if (share < SEEN_SHARE) continue;
      seen[next] = 1;
      shares[next] = share;
      colors.set(shifted, next * 3);
      frontier.push(next);
    }
  }
  return seen;
}

/**
 * Mean shift of a color over the window of a tile, which reaches half a tile beyond it.
 *
 * @param color changed to the mean of the cells near it
 * @returns the share of the window's cells that are near it
 */
function shift(
  {width, height, data}: Frame,
  allowed: Uint8Array | undefined,
  {tile, columns}: Tiles,
  index: number,
  color: [number, number, number],
  radius: number,
  turns = MAX_SHIFTS,
): number {
  const column = index % columns;
  const row = (index - column) / columns;
  const half = tile >> 1;
  const left = Math.max(0, column * tile - half);
  const top = Math.max(0, row * tile - half);
  const right = Math.min(width, (column + 1) * tile + half);
  const bottom = Math.min(height, (row + 1) * tile + half);
  const limit = radius * radius;
  let share = 0;
  for (let turn = 0; turn < turns; turn++) {
    const [r, g, b] = color;
    let near = 0;
    let all = 0;
    let [red, green, blue] = [0, 0, 0];
    for (let y = top; y < bottom; y += SAMPLE_STEP)
      for (let cell = y * width + left, end = y * width + right; cell < end; cell += SAMPLE_STEP) {
        if (allowed && allowed[cell] === 0) continue;
        all++;
        const i = cell * 3;
        const dr = data[i] - r;
        const dg = data[i + 1] - g;
        const db = data[i + 2] - b;
        if (dr * dr + dg * dg + db * db > limit) continue;
        near++;
        red += data[i];
        green += data[i + 1];
        blue += data[i + 2];
      }
    share = all === 0 ? 0 : near / all;
    if (near === 0) return 0;
    color[0] = red / near;
    color[1] = green / near;
    color[2] = blue / near;
    if (Math.abs(color[0] - r) + Math.abs(color[1] - g) + Math.abs(color[2] - b) < 0.5) break;
  }
  return share;
}

/** The covariance of the cells near the ground's color, a tile, blended with that of all tiles. */
function textures(
  cells: Frame,
  allowed: Uint8Array | undefined,
  tiles: Tiles & {seen: Uint8Array},
  radius: number,
): {metrics: Float32Array; noise: number} {
  const {columns, rows, tile, seen} = tiles;
  const {width, height, data} = cells;
  const sums = new Float64Array(columns * rows * 7);
  const row = new Float32Array(width * 3);
  const limit = radius * radius;
  for (let y = 0; y < height; y++) {
    groundRow(tiles, y, width, row);
    const base = Math.floor(y / tile) * columns;
    for (let x = 0; x < width; x++) {
      const cell = y * width + x;
      if (allowed && allowed[cell] === 0) continue;
      const r = data[cell * 3] - row[x * 3];
      const g = data[cell * 3 + 1] - row[x * 3 + 1];
      const b = data[cell * 3 + 2] - row[x * 3 + 2];
      if (r * r + g * g + b * b > limit) continue;
      const at = (base + Math.floor(x / tile)) * 7;
      sums[at] += r * r;
      sums[at + 1] += g * g;
      sums[at + 2] += b * b;
      sums[at + 3] += r * g;
      sums[at + 4] += r * b;
      sums[at + 5] += g * b;
      sums[at + 6]++;
    }
  }
  const all = new Float64Array(7);
  for (let i = 0; i < columns * rows; i++) if (seen[i]) for (let k = 0; k < 7; k++) all[k] += sums[i * 7 + k];
  const count = Math.max(1, all[6]);
  const metrics = new Float32Array(columns * rows * 6);
  for (let i = 0; i < columns * rows; i++) {
    const own = sums[i * 7 + 6];
    const weight = seen[i] && own > 0 ? OWN_TEXTURE : 0;
    const covariance = Array.from({length: 6}, (_, k) => {
      const mean = weight === 0 ? 0 : (weight * sums[i * 7 + k]) / own;
      return mean + ((1 - weight) * all[k]) / count + (k < 3 ? NOISE_FLOOR * NOISE_FLOOR : 0);
    });
    metrics.set(inverseOf(covariance as unknown as Symmetric), i * 6);
  }
  return {metrics, noise: Math.sqrt((all[0] + all[1] + all[2]) / (3 * count))};
}

/** The ground's color along row `y` of the cells, interpolated between tiles: RGB interleaved into `into`. */
export function groundRow({tile, columns, rows, colors}: Tiles, y: number, width: number, into: Float32Array): void {
  const v = Math.min(rows - 1, Math.max(0, (y + 0.5) / tile - 0.5));
  const upper = Math.floor(v) * columns * 3;
  const lower = Math.min(rows - 1, Math.floor(v) + 1) * columns * 3;
  const down = v - Math.floor(v);
  // From the center of one tile to that of the next the color changes in equal steps.
  let x = 0;
  for (let column = -1; column < columns; column++) {
    const end = Math.min(width, Math.ceil((column + 1.5) * tile - 0.5));
    if (end <= x) continue;
    const left = Math.max(0, column) * 3;
    const right = Math.min(columns - 1, column + 1) * 3;
    const start = (x + 0.5) / tile - 0.5 - column;
    for (let c = 0; c < 3; c++) {
      const from = colors[upper + left + c] * (1 - down) + colors[lower + left + c] * down;
      const to = colors[upper + right + c] * (1 - down) + colors[lower + right + c] * down;
      const step = (to - from) / tile;
      let value = from + (to - from) * start;
      for (let i = x * 3 + c; i < end * 3; i += 3, value += step) into[i] = value;
    }
    x = end;
  }
}

/** The ground's color at a point in cells. */
export function groundAt({tile, columns, rows, colors}: Tiles, x: number, y: number): [number, number, number] {
  const u = Math.min(columns - 1, Math.max(0, x / tile - 0.5));
  const v = Math.min(rows - 1, Math.max(0, y / tile - 0.5));
  const left = Math.floor(u);
  const upper = Math.floor(v);
  const right = Math.min(columns - 1, left + 1);
  const lower = Math.min(rows - 1, upper + 1);
  const mix = (c: number) => {
    const top =
      colors[(upper * columns + left) * 3 + c] * (1 - u + left) +
      colors[(upper * columns + right) * 3 + c] * (u - left);
    const bottom =
      colors[(lower * columns + left) * 3 + c] * (1 - u + left) +
      colors[(lower * columns + right) * 3 + c] * (u - left);
    return top * (1 - v + upper) + bottom * (v - upper);
  };
  return [mix(0), mix(1), mix(2)];
}
