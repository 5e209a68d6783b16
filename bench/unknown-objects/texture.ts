import type {Random} from '../../src/training/random.ts';

/** A function of the plane with values of about -1 to 1. */
export type Texture = (x: number, y: number) => number;

const PERIOD = 64;

/** Value noise: smooth interpolation between random levels on a grid. @param cell width of a grid cell in pixels */
export function spots(random: Random, cell: number): Texture {
  const levels = Float64Array.from({length: PERIOD ** 2}, () => random.uniform(-1, 1));
  const at = (column: number, row: number) => levels[(row & (PERIOD - 1)) * PERIOD + (column & (PERIOD - 1))];
  return (x, y) => {
    const [column, row] = [Math.floor(x / cell), Math.floor(y / cell)];
    const [fx, fy] = [smooth(x / cell - column), smooth(y / cell - row)];
    const upper = at(column, row) * (1 - fx) + at(column + 1, row) * fx;
    const lower = at(column, row + 1) * (1 - fx) + at(column + 1, row + 1) * fx;
    return upper * (1 - fy) + lower * fy;
  };
}

/** Fractal noise: octaves, each half as wide and half as strong as the previous one. */
export function fractal(random: Random, cell: number, octaves = 4): Texture {
  const layers = Array.from({length: octaves}, (_, i) => spots(random, cell / 2 ** i));
  return (x, y) => layers.reduce((sum, layer, i) => sum + layer(x, y) / 2 ** i, 0) / 1.5;
}

/** Ridged noise: 1 where the noise changes sign, less beside it. */
export function folds(random: Random, cell: number): Texture {
  const layer = fractal(random, cell, 2);
  return (x, y) => 1 - 2 * Math.min(1, Math.abs(layer(x, y)) * 2);
}

/** Streaks along x. */
export function streaks(random: Random, length: number, width: number): Texture {
  const layer = fractal(random, 1, 2);
  return (x, y) => layer(x / length, y / width);
}

/** Waves along a circle, for outlines; amplitude about 1. @param lobes largest number of waves */
export function waves(random: Random, lobes: number): (angle: number) => number {
  const terms = Array.from({length: lobes}, (_, i) => ({
    lobes: i + 1,
    strength: random.normal() / (i + 1),
    phase: random.uniform(0, 2 * Math.PI),
  }));
  return (angle) =>
    terms.reduce((sum, {lobes, strength, phase}) => sum + strength * Math.cos(lobes * angle + phase), 0);
}

function smooth(share: number): number {
  return share * share * (3 - 2 * share);
}
