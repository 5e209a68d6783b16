import {RUN, type Runs} from './components.ts';

/** Two parts are two grains if they hang together by at most this share of the narrower one's width. */
const MAX_NECK = 0.85;
/** Units of a chamfer distance: a step to a neighbor, and to a diagonal one (Borgefors 1986). */
export const STRAIGHT = 3;
const DIAGONAL = 4;

/** For each cell its distance from the outside, in thirds of a cell; 0 outside. */
export function distancesWithin(width: number, height: number, spans: Runs): Uint16Array {
  const distances = new Uint16Array(width * height);
  for (let i = 0; i < spans.length; i += RUN)
    distances.fill(0xffff, spans[i] * width + spans[i + 1], spans[i] * width + spans[i + 2]);
  const nearest = (cell: number, direction: 1 | -1): number => {
    // Beyond the box is outside.
    const at = (step: number) => distances[cell + direction * step] ?? 0;
    const straight = Math.min(at(-1), at(-width)) + STRAIGHT;
    return Math.min(distances[cell], straight, Math.min(at(-width - 1), at(-width + 1)) + DIAGONAL);
  };
  for (let i = 0; i < distances.length; i++) if (distances[i] > 0) distances[i] = nearest(i, 1);
  for (let i = distances.length - 1; i >= 0; i--) if (distances[i] > 0) distances[i] = nearest(i, -1);
  return distances;
}

/** A part that has grown around a place that is farthest from the outside. */
export interface Part {
  /** Itself, or the part that it has become a part of. */
  parent: number;
  /** Half the width at its widest, in thirds of a cell. */
  peak: number;
  area: number;
  /** Sums of the cells' coordinates and their products. */
  x: number;
  y: number;
  xx: number;
  yy: number;
  xy: number;
}

/**
 * Floods the distances from the highest down; where two parts meet, they become one unless their neck is narrow (a watershed;
 * Vincent and Soille 1991).
 */
export function partsOf(width: number, distances: Uint16Array): Part[] {
  const cells: number[] = [];
  for (let i = 0; i < distances.length; i++) if (distances[i] > 0) cells.push(i);
  cells.sort((a, b) => distances[b] - distances[a] || a - b);
  const steps = [-1, 1, -width, width, -width - 1, -width + 1, width - 1, width + 1];
  const parts: Part[] = [];
  const partAt = new Int32Array(distances.length).fill(-1);
  const rootOf = (part: number): number => {
    let root = part;
    while (parts[root].parent !== root) root = parts[root].parent;
    return root;
  };
  for (const cell of cells) {
    let uphill = -1;
    const beside = new Set<number>();
    for (const step of steps) {
      const part = partAt[cell + step] ?? -1;
      if (part < 0) continue;
      if (uphill < 0 || distances[cell + step] > distances[uphill]) uphill = cell + step;
      beside.add(rootOf(part));
    }
    if (uphill < 0) {
      partAt[cell] = parts.length;
      parts.push({parent: parts.length, peak: distances[cell], ...momentsAt(cell, width)});
      continue;
    }
    const [widest, ...others] = [...beside].sort((a, b) => parts[b].peak - parts[a].peak || a - b);
    for (const other of others)
      if (distances[cell] > MAX_NECK * parts[other].peak) {
        parts[other].parent = widest;
        addTo(parts[widest], parts[other]);
      }
    partAt[cell] = rootOf(partAt[uphill]);
    addTo(parts[partAt[cell]], momentsAt(cell, width));
  }
  return parts.filter(({parent}, i) => parent === i);
}

/** Those of one cell. */
function momentsAt(cell: number, width: number): Omit<Part, 'parent' | 'peak'> {
  const [x, y] = [cell % width, Math.floor(cell / width)];
  return {area: 1, x, y, xx: x * x, yy: y * y, xy: x * y};
}

function addTo(part: Part, {area, x, y, xx, yy, xy}: Omit<Part, 'parent' | 'peak'>): void {
  part.area += area;
  part.x += x;
  part.y += y;
  part.xx += xx;
  part.yy += yy;
  part.xy += xy;
}

/** Area and axes of the ellipse with the same moments. */
export function axesOf({area, x, y, xx, yy, xy}: Part): {area: number; length: number; width: number} {
  const [meanX, meanY] = [x / area, y / area];
  const varianceX = xx / area - meanX * meanX;
  const varianceY = yy / area - meanY * meanY;
  const covariance = xy / area - meanX * meanY;
  const root = Math.sqrt((varianceX - varianceY) ** 2 + 4 * covariance * covariance);
  const axis = (sign: number) => 4 * Math.sqrt(Math.max(0, (varianceX + varianceY + sign * root) / 2));
  return {area, length: axis(1), width: axis(-1)};
}
