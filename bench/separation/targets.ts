import {DISTANCE_UNIT, OFFSET_UNIT} from '../../src/scanning/separation/network/fields.ts';
import {FIELD_STRIDE, FIELDS} from '../../src/training/networks/separation.ts';
import type {Crop} from './crop.ts';

/** So far from a grain, what the mask holds too much is still its own. */
const REACH = 3;

/** How much each number counts; then a boundary and its absence, and pixels that are no grain's. */
const NUMBERS = [1.5, 1.5, 0.5, 0.5, 0.5, 0.5];
const WEIGHTS = {border: 3, none: 1, beyond: 0.3};

export interface Targets {
  target: Float32Array;
  numbers: Float32Array;
  answers: Float32Array;
}

/** What the network should say of a crop's mask, and how much each answer counts. Writes at position `at` of a batch. */
export function fillTargets({labels, grains, frame}: Crop, mask: Uint8Array, into: Targets, at: number): void {
  const side = frame.width;
  const half = side / FIELD_STRIDE;
  const plane = half * half;
  const own = extended(labels, mask, side);
  const distances = ownDistances(own, side);
  const base = at * FIELDS.length * plane;
  for (const values of Object.values(into)) values.fill(0, base, base + FIELDS.length * plane);
  for (let row = 0; row < half; row++)
    for (let column = 0; column < half; column++) {
      const label = cellLabel(own, side, row, column);
      if (label === 0) continue;
      const cell = base + row * half + column;
      const grain = grains[label - 1];
      const [x, y] = [column * FIELD_STRIDE + 1, row * FIELD_STRIDE + 1];
      const corner = row * FIELD_STRIDE * side + column * FIELD_STRIDE;
      const weight = labels[corner] === label || labels[corner + side + 1] === label ? 1 : WEIGHTS.beyond;
      const [cos, sin] = [Math.cos(grain.angle), Math.sin(grain.angle)];
      into.target[cell] = (grain.x - x) / OFFSET_UNIT;
      into.target[cell + plane] = (grain.y - y) / OFFSET_UNIT;
      into.target[cell + 2 * plane] = (grain.a * cos * cos + grain.b * sin * sin) / OFFSET_UNIT;
      into.target[cell + 3 * plane] = ((grain.a - grain.b) * cos * sin) / OFFSET_UNIT;
      into.target[cell + 4 * plane] = (grain.a * sin * sin + grain.b * cos * cos) / OFFSET_UNIT;
      into.target[cell + 5 * plane] = cellDistance(own, distances, side, corner, label) / DISTANCE_UNIT;
      for (let field = 0; field < NUMBERS.length; field++) into.numbers[cell + field * plane] = weight * NUMBERS[field];
      const border = isBorder(own, side, row, column);
      into.target[cell + 6 * plane] = border ? 1 : 0;
      into.answers[cell + 6 * plane] = border ? WEIGHTS.border : WEIGHTS.none;
    }
}

/** The labels within the mask; what it holds beyond the grains goes to the nearest, up to `REACH` pixels away. */
function extended(labels: Uint16Array, mask: Uint8Array, side: number): Uint16Array {
  let own = labels.slice();
  for (let i = 0; i < own.length; i++) if (mask[i] === 0) own[i] = 0;
  for (let step = 0; step < REACH; step++) {
    const next = own.slice();
    for (let y = 0; y < side; y++)
      for (let x = 0; x < side; x++) {
        const i = y * side + x;
        if (own[i] !== 0 || mask[i] === 0) continue;
        next[i] =
          (x > 0 && own[i - 1]) ||
          (x < side - 1 && own[i + 1]) ||
          (y > 0 && own[i - side]) ||
          (y < side - 1 && own[i + side]) ||
          0;
      }
    own = next;
  }
  return own;
}

/** The distance of each pixel to the nearest that is not of its own grain (chamfer 3-4), the crop's border not counted. */
function ownDistances(own: Uint16Array, side: number): Float32Array {
  const far = 1e6;
  const distance = new Float32Array(side * side).fill(far);
  const relax = (i: number, x: number, y: number, dx: number, dy: number) => {
    const nx = x + dx;
    const ny = y + dy;
    if (nx < 0 || ny < 0 || nx >= side || ny >= side) return;
    const j = ny * side + nx;
    const step = dx !== 0 && dy !== 0 ? 4 / 3 : 1;
    const candidate = own[j] === own[i] ? distance[j] + step : step - 0.5;
    if (candidate < distance[i]) distance[i] = candidate;
  };
  const sweep = (i: number, sign: number) => {
    const y = Math.floor(i / side);
    const x = i - y * side;
    if (own[i] === 0) return;
    relax(i, x, y, -sign, 0);
    relax(i, x, y, 0, -sign);
    relax(i, x, y, -sign, -sign);
    relax(i, x, y, sign, -sign);
  };
  for (let i = 0; i < own.length; i++) sweep(i, 1);
  for (let i = own.length - 1; i >= 0; i--) sweep(i, -1);
  for (let i = 0; i < distance.length; i++) distance[i] = Math.min(distance[i], 2 * DISTANCE_UNIT);
  return distance;
}

/** The label of most of the cell's four pixels that have one. */
function cellLabel(own: Uint16Array, side: number, row: number, column: number): number {
  const i = row * FIELD_STRIDE * side + column * FIELD_STRIDE;
  const [a, b, c, d] = [own[i], own[i + 1], own[i + side], own[i + side + 1]];
  if (a !== 0 && (a === b || a === c || a === d)) return a;
  if (b !== 0 && (b === c || b === d)) return b;
  if (c !== 0 && c === d) return c;
  return a || b || c || d;
}

/** The mean over the cell's pixels of that label. */
function cellDistance(own: Uint16Array, distances: Float32Array, side: number, corner: number, label: number): number {
  let sum = 0;
  let count = 0;
  for (const i of [corner, corner + 1, corner + side, corner + side + 1]) {
    if (own[i] !== label) continue;
    sum += distances[i];
    count++;
  }
  return sum / count;
}

/** Whether two grains meet in the cell or a pixel beside it. */
function isBorder(own: Uint16Array, side: number, row: number, column: number): boolean {
  let first = 0;
  for (let y = Math.max(0, row * 2 - 1); y < Math.min(side, row * 2 + 3); y++)
    for (let x = Math.max(0, column * 2 - 1); x < Math.min(side, column * 2 + 3); x++) {
      const label = own[y * side + x];
      if (label === 0 || label === first) continue;
      if (first !== 0) return true;
      first = label;
    }
  return false;
}
