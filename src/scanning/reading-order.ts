/**
 * Sorts grains into reading order, by rows as high as a typical grain and from left to right, and numbers them from 1.
 *
 * @returns new objects
 */
export function numberInReadingOrder<Grain extends {x: number; y: number; length: number}>(
  grains: readonly Grain[],
): (Grain & {id: number})[] {
  const lengths = grains.map(({length}) => length).sort((a, b) => a - b);
  const row = Math.max(1, lengths[lengths.length >> 1] ?? 1);
  const sorted = [...grains].sort((a, b) => Math.floor(a.y / row) - Math.floor(b.y / row) || a.x - b.x);
  return sorted.map((grain, i) => ({...grain, id: i + 1}));
}
