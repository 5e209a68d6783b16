import type {Point} from '../types.ts';

/**
 * The longest closed contour at which a field on a grid crosses zero, by marching squares with linear interpolation
 * (Lorensen and Cline 1987 in two dimensions). Values are taken at (x + 0.5, y + 0.5); beyond the grid the field is negative.
 *
 * @param field row-major, width * height values
 * @returns its points in units of the grid; undefined if nothing is positive
 */
export function traceContour(field: Float32Array, width: number, height: number): Point[] | undefined {
  const columns = width + 2;
  const at = (x: number, y: number) =>
    x < 1 || y < 1 || x > width || y > height ? -1 : field[(y - 1) * width + x - 1];
  // Edge 2 i is the horizontal one from node i to the right, edge 2 i + 1 the vertical one downwards.
  const next = edgesFor(2 * columns * (height + 2));
  const starts: number[] = [];
  const link = (from: number, to: number) => {
    next[from] = to;
    starts.push(from);
  };
  for (let y = 0; y <= height; y++)
    for (let x = 0; x <= width; x++) {
      const a = at(x, y) > 0;
      const b = at(x + 1, y) > 0;
      const c = at(x + 1, y + 1) > 0;
      const d = at(x, y + 1) > 0;
      const kind = (a ? 1 : 0) | (b ? 2 : 0) | (c ? 4 : 0) | (d ? 8 : 0);
      if (kind === 0 || kind === 15) continue;
      const node = y * columns + x;
      const top = 2 * node;
      const left = 2 * node + 1;
      const bottom = 2 * (node + columns);
      const right = 2 * (node + 1) + 1;
      // The inside is to the right of the way from the first to the second.
      switch (kind) {
        case 1:
          link(left, top);
          break;
        case 2:
          link(top, right);
          break;
        case 3:
          link(left, right);
          break;
        case 4:
          link(right, bottom);
          break;
        case 5:
          link(left, top);
          link(right, bottom);
          break;
        case 6:
          link(top, bottom);
          break;
        case 7:
          link(left, bottom);
          break;
        case 8:
          link(bottom, left);
          break;
        case 9:
          link(bottom, top);
          break;
        case 10:
          link(top, right);
          link(bottom, left);
          break;
        case 11:
          link(bottom, right);
          break;
        case 12:
          link(right, left);
          break;
        case 13:
          link(right, top);
          break;
        default:
          link(top, left);
      }
    }
  const point = (edge: number): Point => {
    const node = edge >> 1;
    const x = node % columns;
    const y = (node - x) / columns;
    const from = at(x, y);
    const to = edge % 2 === 0 ? at(x + 1, y) : at(x, y + 1);
    const share = from === to ? 0.5 : from / (from - to);
    return edge % 2 === 0 ? [x - 0.5 + share, y - 0.5] : [x - 0.5, y - 0.5 + share];
  };
  let longest: number[] = [];
  for (const start of starts) {
    const loop: number[] = [];
    for (let edge = start; next[edge] >= 0; ) {
      loop.push(edge);
      const following = next[edge];
      next[edge] = -1;
      edge = following;
    }
    if (loop.length > longest.length) longest = loop;
  }
  return longest.length < 3 ? undefined : longest.map(point);
}

let edges = new Int32Array(0);

/** Where each edge leads to, -1 where it leads nowhere; the memory is used again for the next field. */
function edgesFor(length: number): Int32Array {
  if (edges.length < length) edges = new Int32Array(2 * length);
  return edges.subarray(0, length).fill(-1);
}
