import {type LabelMap, memory, NOT_OWN, type Part} from './part.ts';

/**
 * How much each pixel belongs to the grain rather than to its neighbors, from 1 (its own) to -1 (another's), linear between
 * the centers of cells. Ground near it counts as its own; the contrast decides there.
 */
export function ownership(
  {left, top, step, width, height}: Part,
  map: LabelMap,
  label: number,
  factor: number,
): Float32Array {
  const firstX = Math.max(0, Math.floor(left / factor) - 1);
  const firstY = Math.max(0, Math.floor(top / factor) - 1);
  const lastX = Math.min(map.width, Math.ceil((left + width * step) / factor) + 1);
  const lastY = Math.min(map.height, Math.ceil((top + height * step) / factor) + 1);
  const columns = lastX - firstX;
  const rows = lastY - firstY;
  const values = memory('cells', columns * rows).fill(NOT_OWN);
  const isOwn = (x: number, y: number) =>
    x >= 0 && y >= 0 && x < map.width && y < map.height && map.labels[y * map.width + x] === label;
  for (let y = 0; y < rows; y++)
    for (let x = 0; x < columns; x++) {
      const cell = (firstY + y) * map.width + firstX + x;
      if (map.labels[cell] === label) values[y * columns + x] = 1;
      else if (map.labels[cell] === 0) {
        let near = false;
        for (let v = -1; v <= 1 && !near; v++)
          for (let u = -1; u <= 1 && !near; u++) near = isOwn(firstX + x + u, firstY + y + v);
        if (near) values[y * columns + x] = 1;
      }
    }
  const out = memory('owned', width * height);
  for (let y = 0; y < height; y++) {
    const v = Math.min(rows - 1, Math.max(0, (top + (y + 0.5) * step) / factor - 0.5 - firstY));
    const upper = Math.floor(v);
    const lower = Math.min(rows - 1, upper + 1);
    for (let x = 0; x < width; x++) {
      const u = Math.min(columns - 1, Math.max(0, (left + (x + 0.5) * step) / factor - 0.5 - firstX));
      const west = Math.floor(u);
      const east = Math.min(columns - 1, west + 1);
      const above = values[upper * columns + west] * (1 - u + west) + values[upper * columns + east] * (u - west);
      const below = values[lower * columns + west] * (1 - u + west) + values[lower * columns + east] * (u - west);
      out[y * width + x] = above * (1 - v + upper) + below * (v - upper);
    }
  }
  return out;
}
