import {STRIDE} from '../fields.ts';
import type {Votes} from './votes.ts';

/** Label maps: 0 outside of the mask, otherwise 1 + the number of the grain. */

/** The labels of cells, given to the mask's pixels in them. */
export function paint(
  votes: Votes,
  labels: Int32Array,
  mask: Uint8Array,
  columns: number,
  width: number,
  height: number,
): Int32Array {
  const map = new Int32Array(width * height);
  for (let i = 0; i < votes.count; i++) {
    const row = Math.floor(votes.cell[i] / columns);
    const column = votes.cell[i] - row * columns;
    for (let y = row * STRIDE; y < Math.min(height, (row + 1) * STRIDE); y++)
      for (let x = column * STRIDE; x < Math.min(width, (column + 1) * STRIDE); x++)
        if (mask[y * width + x] !== 0) map[y * width + x] = labels[i];
  }
  return map;
}

/** Gives what has no label to the nearest grain that it is connected with. */
export function fillUnlabeled(map: Int32Array, mask: Uint8Array, width: number): void {
  let front: number[] = [];
  for (let i = 0; i < map.length; i++) if (map[i] !== 0 && openBeside(map, mask, i, width)) front.push(i);
  while (front.length > 0) {
    const next: number[] = [];
    for (const i of front) {
      const x = i % width;
      for (const j of [x > 0 ? i - 1 : -1, x < width - 1 ? i + 1 : -1, i - width, i + width]) {
        if (j < 0 || j >= map.length || mask[j] === 0 || map[j] !== 0) continue;
        map[j] = map[i];
        next.push(j);
      }
    }
    front = next;
  }
}

/** Whether a pixel beside this one is in the mask and has no label. */
function openBeside(map: Int32Array, mask: Uint8Array, i: number, width: number): boolean {
  const x = i % width;
  return (
    (x > 0 && mask[i - 1] !== 0 && map[i - 1] === 0) ||
    (x < width - 1 && mask[i + 1] !== 0 && map[i + 1] === 0) ||
    (i >= width && mask[i - width] !== 0 && map[i - width] === 0) ||
    (i + width < map.length && mask[i + width] !== 0 && map[i + width] === 0)
  );
}

/** Where grains meet, each pixel gets the label of most of the 5 x 5 pixels around it: cells leave steps of 2 pixels. */
export function smooth(map: Int32Array, width: number, height: number): Int32Array {
  const smoothed = map.slice();
  const found = new Int32Array(25);
  const counts = new Int32Array(25);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const i = y * width + x;
      const own = map[i];
      if (own === 0 || !meetsOther(map, width, height, x, y, own)) continue;
      let kinds = 0;
      for (let v = Math.max(0, y - 2); v <= Math.min(height - 1, y + 2); v++)
        for (let u = Math.max(0, x - 2); u <= Math.min(width - 1, x + 2); u++) {
          const label = map[v * width + u];
          if (label === 0) continue;
          let kind = 0;
          while (kind < kinds && found[kind] !== label) kind++;
          if (kind === kinds) {
            found[kinds++] = label;
            counts[kind] = 0;
          }
          counts[kind]++;
        }
      let best = 0;
      for (let kind = 1; kind < kinds; kind++)
        if (counts[kind] > counts[best] || (counts[kind] === counts[best] && found[kind] === own)) best = kind;
      smoothed[i] = found[best];
    }
  return smoothed;
}

function meetsOther(map: Int32Array, width: number, height: number, x: number, y: number, own: number): boolean {
  const i = y * width + x;
  return (
    (x > 0 && differs(map[i - 1], own)) ||
    (x < width - 1 && differs(map[i + 1], own)) ||
    (y > 0 && differs(map[i - width], own)) ||
    (y < height - 1 && differs(map[i + width], own))
  );
}

function differs(label: number, own: number): boolean {
  return label !== 0 && label !== own;
}
