import type {LabelMap, Part} from './part.ts';

/** Replaces the field by the likelihood between the cells' centers, above one half, within what is owned. */
export function decideByLikelihood(
  likelihoods: Float32Array,
  map: LabelMap,
  field: Float32Array,
  owned: Float32Array,
  {left, top, step, width, height}: Part,
  factor: number,
): void {
  const at = (x: number, y: number) =>
    likelihoods[Math.min(map.height - 1, Math.max(0, y)) * map.width + Math.min(map.width - 1, Math.max(0, x))];
  for (let y = 0; y < height; y++) {
    const v = (top + (y + 0.5) * step) / factor - 0.5;
    const upper = Math.floor(v);
    for (let x = 0; x < width; x++) {
      const u = (left + (x + 0.5) * step) / factor - 0.5;
      const west = Math.floor(u);
      const above = at(west, upper) * (1 - u + west) + at(west + 1, upper) * (u - west);
      const below = at(west, upper + 1) * (1 - u + west) + at(west + 1, upper + 1) * (u - west);
      const likelihood = above * (1 - v + upper) + below * (v - upper);
      field[y * width + x] = Math.min(2 * likelihood - 1, owned[y * width + x]);
    }
  }
}
