import type {Point} from '../../types.ts';
import type {EdgePoints} from '../edges/edge-points.ts';

/** Where the center of something round may be. */
export interface Center {
  x: number;
  y: number;
  /** Radii at which its edge is searched. */
  smallest: number;
  largest: number;
}

/** Directions of gradients that are told apart, in half a turn. */
const BINS = 60;
/** More pairs than this are not looked at; a picture of specks has far more. */
const MOST_PAIRS = 6_000_000;
const MOST_CENTERS = 40;

/**
 * Centers of round things: an ellipse has to every point of its edge an opposite one with the opposite gradient, and in the
 * middle of both lies its center. So pairs of edge points with opposite gradients, along which (within 25 degrees, for tilt)
 * the gradients point, vote for their middles. Unlike in the voting along gradients, an ellipse's votes do not smear.
 *
 * @param diameters the smallest and the largest that is searched for, in pixels
 * @param at a place that a person named: centers near it are kept, however few pairs name them
 */
export function findCenters(edges: EdgePoints, [smallest, largest]: readonly [number, number], at?: Point): Center[] {
  const cell = 2 * edges.factor;
  const columns = Math.ceil(extent(edges.x) / cell) + 3;
  const rows = Math.ceil(extent(edges.y) / cell) + 3;
  const votes = new Float32Array(columns * rows);
  const bins = binsOf(edges);
  const pairs = bins.slice(0, BINS).reduce((sum, bin, i) => sum + bin.length * bins[i + BINS].length, 0) * 3;
  const stride = Math.max(1, Math.sqrt(pairs / MOST_PAIRS));
  for (let bin = 0; bin < BINS; bin++)
    for (let near = -1; near <= 1; near++) {
      const others = bins[(bin + BINS + near + 2 * BINS) % (2 * BINS)];
      for (let m = 0; m < bins[bin].length; m += stride)
        for (let n = 0; n < others.length; n += stride) vote(bins[bin][Math.floor(m)], others[Math.floor(n)]);
    }
  const found = peaks(votes, columns, rows).map(([x, y]) => ({
    x: (x + 0.5) * cell,
    y: (y + 0.5) * cell,
    smallest: smallest / 2,
    largest: largest / 2,
  }));
  const strongest = found.slice(0, MOST_CENTERS);
  if (!at) return strongest;
  const near = found.slice(MOST_CENTERS).filter(({x, y}) => Math.hypot(x - at[0], y - at[1]) < largest / 6);
  return [...strongest, ...near.slice(0, MOST_CENTERS)];

  function vote(i: number, k: number): void {
    const [dx, dy] = [edges.x[k] - edges.x[i], edges.y[k] - edges.y[i]];
    const distance = Math.hypot(dx, dy);
    if (distance < smallest || distance > largest) return;
    if (Math.abs(dx * edges.gx[i] + dy * edges.gy[i]) < 0.9 * distance) return;
    const x = Math.floor((edges.x[i] + edges.x[k]) / 2 / cell);
    const y = Math.floor((edges.y[i] + edges.y[k]) / 2 / cell);
    // A larger ring has more pairs, and more chances of pairs that do not belong together.
    votes[y * columns + x] += edges.factor / distance;
  }
}

/** Edge points by the direction of their gradients, in `2 * BINS` bins of a full turn. */
function binsOf(edges: EdgePoints): number[][] {
  const bins: number[][] = Array.from({length: 2 * BINS}, () => []);
  for (let i = 0; i < edges.count; i++) {
    const turn = Math.atan2(edges.gy[i], edges.gx[i]) / (2 * Math.PI) + 0.5;
    bins[Math.floor(turn * 2 * BINS) % (2 * BINS)].push(i);
  }
  return bins;
}

/** Cells with the most votes in 3 x 3 of them, none near a better one, the best first. */
function peaks(votes: Float32Array, columns: number, rows: number): [number, number][] {
  const sums = new Float32Array(votes.length);
  for (let y = 1; y < rows - 1; y++)
    for (let x = 1; x < columns - 1; x++) {
      let sum = 0;
      for (let row = y - 1; row <= y + 1; row++)
        for (let i = row * columns + x - 1; i <= row * columns + x + 1; i++) sum += votes[i];
      sums[y * columns + x] = sum;
    }
  const found: {x: number; y: number; sum: number}[] = [];
  for (let y = 2; y < rows - 2; y++)
    for (let x = 2; x < columns - 2; x++) {
      const sum = sums[y * columns + x];
      if (sum <= 0) continue;
      let largest = true;
      for (let row = y - 2; row <= y + 2 && largest; row++)
        for (let i = row * columns + x - 2; i <= row * columns + x + 2; i++) if (sums[i] > sum) largest = false;
      if (largest) found.push({x, y, sum});
    }
  found.sort((a, b) => b.sum - a.sum);
  return found.map(({x, y}) => [x, y]);
}

function extent(values: Float64Array): number {
  let largest = 0;
  for (const value of values) if (value > largest) largest = value;
  return largest;
}
