import {areaOf, type Ellipse, ellipse, reachOf, squaredNorm} from './ellipse.ts';
import type {VoteGrid} from './vote-grid.ts';
import type {Votes} from './votes.ts';

/** Votes within this share of the half axes are of one grain. */
const NEAR = 0.4;
/** Least share of a grain's ellipse that votes for it: what is seen less of is no grain of its own. */
const LEAST_SHARE = 0.2;
/** The same in pixels. */
const LEAST_PIXELS = 10;

/**
 * Finds the grains: where most votes meet first. All votes within the inner part of the grain that they describe are then its own, and
 * the next is where most of the others meet.
 */
export function findSeeds(votes: Votes, grid: VoteGrid): Ellipse[] {
  const taken = new Uint8Array(votes.count);
  const seeds: Ellipse[] = [];
  for (const cell of peaks(grid, votes)) {
    const start = meanAround(votes, grid, cell, taken);
    if (!start) continue;
    const first = gather(votes, grid, start, taken);
    // Once more around the mean of what was found: the peak is noisy.
    const second = first && gather(votes, grid, first.mean, taken);
    if (!second || second.weight < Math.max(LEAST_PIXELS, LEAST_SHARE * areaOf(second.mean))) continue;
    for (const vote of second.members) taken[vote] = 1;
    seeds.push(second.mean);
  }
  return seeds;
}

/** Cells to which votes point and around which no cell has more, those with most first. */
function peaks(grid: VoteGrid, votes: Votes): number[] {
  const {columns, rows, starts} = grid;
  const density = grid.density(votes);
  const found: number[] = [];
  for (let row = 1; row < rows - 1; row++)
    for (let column = 1; column < columns - 1; column++) {
      const i = row * columns + column;
      const own = density[i];
      if (own === 0 || starts[i + 1] === starts[i]) continue;
      const highest =
        own >= density[i - 1] &&
        own > density[i + 1] &&
        own >= density[i - columns] &&
        own > density[i + columns] &&
        own >= density[i - columns - 1] &&
        own > density[i + columns + 1] &&
        own >= density[i - columns + 1] &&
        own > density[i + columns - 1];
      if (highest) found.push(i);
    }
  return found.sort((a, b) => density[b] - density[a]);
}

function meanAround(votes: Votes, grid: VoteGrid, cell: number, taken: Uint8Array): Ellipse | undefined {
  const {columns, rows} = grid;
  const row = Math.floor(cell / columns);
  const column = cell - row * columns;
  const members: number[] = [];
  for (let y = Math.max(0, row - 1); y <= Math.min(rows - 1, row + 1); y++)
    for (let x = Math.max(0, column - 1); x <= Math.min(columns - 1, column + 1); x++)
      for (let i = grid.starts[y * columns + x]; i < grid.starts[y * columns + x + 1]; i++)
        if (taken[grid.order[i]] === 0) members.push(grid.order[i]);
  return meanOf(votes, members)?.mean;
}

interface Gathered {
  mean: Ellipse;
  weight: number;
  members: number[];
}

/** The votes that are left within the inner part of an ellipse. */
function gather(votes: Votes, grid: VoteGrid, around: Ellipse, taken: Uint8Array): Gathered | undefined {
  const reach = reachOf(around);
  const [left, right] = [grid.column(around.x - NEAR * reach.x), grid.column(around.x + NEAR * reach.x)];
  const [top, bottom] = [grid.row(around.y - NEAR * reach.y), grid.row(around.y + NEAR * reach.y)];
  const members: number[] = [];
  for (let row = top; row <= bottom; row++)
    for (let i = grid.starts[row * grid.columns + left]; i < grid.starts[row * grid.columns + right + 1]; i++) {
      const vote = grid.order[i];
      if (taken[vote] !== 0) continue;
      if (squaredNorm(around, votes.x[vote] - around.x, votes.y[vote] - around.y) <= NEAR * NEAR) members.push(vote);
    }
  return meanOf(votes, members);
}

function meanOf(votes: Votes, members: number[]): Gathered | undefined {
  let [weight, x, y, mxx, mxy, myy] = [0, 0, 0, 0, 0, 0];
  for (const vote of members) {
    const share = votes.weight[vote];
    weight += share;
    x += share * votes.x[vote];
    y += share * votes.y[vote];
    mxx += share * votes.mxx[vote];
    mxy += share * votes.mxy[vote];
    myy += share * votes.myy[vote];
  }
  if (weight === 0) return undefined;
  return {mean: ellipse(x / weight, y / weight, mxx / weight, mxy / weight, myy / weight), weight, members};
}
