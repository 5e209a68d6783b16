import {STRIDE} from '../fields.ts';
import {type Ellipse, reachOf, squaredNorm} from './ellipse.ts';
import type {Votes} from './votes.ts';

/** Pixels a side of the squares by which the grains near a place are found. */
const SQUARE = 16;
/** How far beyond its ellipse a grain may reach, as a share of its half axes. */
const BEYOND = 1.5;
/** How much lying outside of a grain's ellipse counts beside a vote that misses its centroid. */
const OUTSIDE = 0.5;

/**
 * Gives each vote's cell to the grain whose centroid the vote meets best, in units of that grain's half axes, and in whose ellipse the cell
 * lies. 0 where no grain is near.
 *
 * @returns for each vote, 1 + the number of the grain
 */
export function assign(
  votes: Votes,
  seeds: readonly Ellipse[],
  columns: number,
  width: number,
  height: number,
): Int32Array {
  const squares = {columns: Math.ceil(width / SQUARE), rows: Math.ceil(height / SQUARE)};
  const near = nearSeeds(seeds, squares);
  const labels = new Int32Array(votes.count);
  for (let i = 0; i < votes.count; i++) {
    const row = Math.floor(votes.cell[i] / columns);
    const x = (votes.cell[i] - row * columns) * STRIDE + 1;
    const y = row * STRIDE + 1;
    const square = Math.min(squares.rows - 1, Math.floor(y / SQUARE)) * squares.columns;
    const candidates = near[square + Math.min(squares.columns - 1, Math.floor(x / SQUARE))];
    let least = Number.POSITIVE_INFINITY;
    for (const candidate of candidates) {
      const seed = seeds[candidate];
      const miss = squaredNorm(seed, votes.x[i] - seed.x, votes.y[i] - seed.y);
      if (miss >= least) continue;
      const outside = Math.max(0, squaredNorm(seed, x - seed.x, y - seed.y) - 1);
      const cost = miss + OUTSIDE * outside;
      if (cost >= least) continue;
      least = cost;
      labels[i] = candidate + 1;
    }
  }
  return labels;
}

/** For each square, the grains that may reach into it. */
function nearSeeds(seeds: readonly Ellipse[], {columns, rows}: {columns: number; rows: number}): number[][] {
  const near = Array.from({length: columns * rows}, () => [] as number[]);
  seeds.forEach((seed, i) => {
    const reach = reachOf(seed);
    const [width, height] = [BEYOND * reach.x + 4, BEYOND * reach.y + 4];
    const [left, right] = [seed.x - width, seed.x + width].map((x) => Math.floor(x / SQUARE));
    const [top, bottom] = [seed.y - height, seed.y + height].map((y) => Math.floor(y / SQUARE));
    for (let row = Math.max(0, top); row <= Math.min(rows - 1, bottom); row++)
      for (let column = Math.max(0, left); column <= Math.min(columns - 1, right); column++)
        near[row * columns + column].push(i);
  });
  return near;
}
