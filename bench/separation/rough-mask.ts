import type {Random} from '../../src/training/random.ts';
import {blur} from './crop.ts';

/** Pixels between the knots of the outline's unevenness. */
const KNOTS = 6;

/**
 * A foreground as a segmentation would find it: the union of the grains, perhaps grown or shrunk, with rough edges, holes and
 * specks. As it is, one time in four.
 */
export function roughMask(labels: Uint16Array, side: number, random: Random): Uint8Array {
  const mask = new Uint8Array(labels.length);
  for (let i = 0; i < mask.length; i++) mask[i] = labels[i] > 0 ? 1 : 0;
  if (random.chance(0.25)) return mask;
  const soft = blur(new Float32Array(mask), side, random.uniform(0.5, 1.6), 1);
  const threshold = random.uniform(0.25, 0.68);
  const rough = random.chance(0.6) ? random.uniform(0, 0.4) : 0;
  const columns = Math.ceil(side / KNOTS) + 2;
  const knots = Float32Array.from({length: columns * columns}, () => random.uniform(-rough, rough));
  const rim = new Uint8Array(side * side);
  for (let y = 0; y < side; y++)
    for (let x = 0; x < side; x++) {
      const [column, row] = [Math.floor(x / KNOTS), Math.floor(y / KNOTS)];
      const [fx, fy] = [x / KNOTS - column, y / KNOTS - row];
      const at = row * columns + column;
      const upper = knots[at] * (1 - fx) + knots[at + 1] * fx;
      const lower = knots[at + columns] * (1 - fx) + knots[at + columns + 1] * fx;
      const level = soft[y * side + x];
      // At the edges only: elsewhere the level is 0 or 1.
      const uneven = 4 * level * (1 - level) * (upper * (1 - fy) + lower * fy);
      rim[y * side + x] = level + uneven > threshold ? 1 : 0;
    }
  if (random.chance(0.2)) for (let i = random.below(6); i >= 0; i--) disk(rim, side, random, 0);
  if (random.chance(0.1)) for (let i = random.below(3); i >= 0; i--) disk(rim, side, random, 1);
  return rim;
}

function disk(mask: Uint8Array, side: number, random: Random, value: number): void {
  const [x, y, radius] = [random.below(side), random.below(side), random.uniform(0.8, 2.6)];
  for (let dy = -3; dy <= 3; dy++)
    for (let dx = -3; dx <= 3; dx++)
      if (Math.hypot(dx, dy) <= radius && x + dx >= 0 && x + dx < side && y + dy >= 0 && y + dy < side)
        mask[(y + dy) * side + x + dx] = value;
}
