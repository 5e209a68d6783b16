/**
 * A grid of cells, one byte each, with an empty border one cell wide on every side so that neighbours need no bounds
 * checks: cell (x, y) of the picture is `cells[(y + 1) * stride + x + 1]`.
 */
export interface CellGrid {
  width: number;
  height: number;
  /** width + 2. */
  stride: number;
  cells: Uint8Array;
}

/** Values of a cell. Objects carry OBJECT until they are visited, then VISITED; the largest ends as GRAIN. */
export const EMPTY = 0;
export const OBJECT = 1;
export const VISITED = 2;
export const GRAIN = 3;

export interface Components {
  /** Index of some cell of the largest component. */
  seed: number;
  /** Cells of the largest component. */
  largest: number;
  /** Cells of every component. */
  areas: number[];
}

let stack = new Int32Array(1 << 14);

/** Finds the 4-connected components of OBJECT cells, all of which are among the candidates; leaves them VISITED. */
export function findComponents(grid: CellGrid, candidates: Uint32Array): Components | undefined {
  const {cells} = grid;
  const areas: number[] = [];
  let seed = -1;
  let largest = 0;
  for (let k = 0; k < candidates.length; k++) {
    const i = candidates[k];
    if (cells[i] !== OBJECT) continue;
    const area = floodFill(grid, i, OBJECT, VISITED);
    areas.push(area);
    if (area > largest) {
      largest = area;
      seed = i;
    }
  }
  return seed === -1 ? undefined : {seed, largest, areas};
}

/** Changes the 4-connected region of `from` cells around `seed` into `to` cells, and counts them. */
export function floodFill({cells, stride}: CellGrid, seed: number, from: number, to: number): number {
  if (stack.length < cells.length) stack = new Int32Array(cells.length);
  let top = 0;
  let count = 1;
  stack[top++] = seed;
  cells[seed] = to;
  while (top > 0) {
    const i = stack[--top];
    if (cells[i - 1] === from) {
      cells[i - 1] = to;
      stack[top++] = i - 1;
      count++;
    }
    if (cells[i + 1] === from) {
      cells[i + 1] = to;
      stack[top++] = i + 1;
      count++;
    }
    if (cells[i - stride] === from) {
      cells[i - stride] = to;
      stack[top++] = i - stride;
      count++;
    }
    if (cells[i + stride] === from) {
      cells[i + stride] = to;
      stack[top++] = i + stride;
      count++;
    }
  }
  return count;
}
