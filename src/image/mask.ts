import {type CellGrid, floodFill, GRAIN} from './components.ts';

/** The grain without holes, cut out of the grid: `cells` is 1 in the grain and 0 elsewhere. */
export interface SolidShape {
  /** Grid position of the cut's first cell. */
  x: number;
  y: number;
  width: number;
  height: number;
  cells: Uint8Array;
}

/** Which pixels belong to the grain, in cells of step x step pixels. */
export interface GrainMask extends SolidShape {
  /** OUTSIDE, EDGE or INTERIOR for every cell. */
  cells: Uint8Array;
  /** Side of a cell in pixels. */
  step: number;
}

export const OUTSIDE = 0;
/** Within about two pixels of the grain's outline, on either side. */
export const EDGE = 1;
export const INTERIOR = 2;

/** Width in pixels of the soft edge kept around the grain. */
const EDGE_PIXELS = 2;

const HOLE = 0;
const SOLID = 1;
const AROUND = 2;
const WALL = 3;

let shapeCells = new Uint8Array(0);
let rowSums = new Uint8Array(0);

/** How many cells the mask reaches beyond the grain's own. */
function reach(step: number): number {
  return Math.max(1, Math.round(EDGE_PIXELS / step));
}

/** Cuts the GRAIN cells out with a margin, holes filled. Valid until the next call. */
export function solidShape(grid: CellGrid, step: number): SolidShape {
  const bounds = boundsOf(grid);
  const margin = reach(step) + 2;
  const width = bounds.right - bounds.left + 1 + 2 * margin;
  const height = bounds.bottom - bounds.top + 1 + 2 * margin;
  const size = width * height;
  if (shapeCells.length < size) shapeCells = new Uint8Array(size);
  const cells = shapeCells.subarray(0, size).fill(HOLE);
  for (let y = margin; y < height - margin; y++) {
    const source = (bounds.top + y - margin + 1) * grid.stride + bounds.left + 1 - margin;
    for (let x = margin; x < width - margin; x++) if (grid.cells[source + x] === GRAIN) cells[y * width + x] = SOLID;
  }
  fillHoles(cells, width, height);
  return {x: bounds.left - margin, y: bounds.top - margin, width, height, cells};
}

/** What cannot be reached from outside is inside. */
function fillHoles(cells: Uint8Array, width: number, height: number): void {
  cells.fill(WALL, 0, width).fill(WALL, (height - 1) * width);
  for (let y = 0; y < height; y++) cells[y * width] = cells[(y + 1) * width - 1] = WALL;
  floodFill({width: width - 2, height: height - 2, stride: width, cells}, width + 1, HOLE, AROUND);
  for (let i = 0; i < cells.length; i++) cells[i] = cells[i] <= SOLID ? 1 : 0;
}

function boundsOf({width, height, stride, cells}: CellGrid): {
  left: number;
  right: number;
  top: number;
  bottom: number;
} {
  let left = width;
  let right = -1;
  let top = height;
  let bottom = -1;
  for (let y = 0; y < height; y++) {
    const row = cells.subarray((y + 1) * stride + 1, (y + 1) * stride + 1 + width);
    const first = row.indexOf(GRAIN);
    if (first === -1) continue;
    if (first < left) left = first;
    right = Math.max(right, row.lastIndexOf(GRAIN));
    if (top > y) top = y;
    bottom = y;
  }
  return {left, right, top, bottom};
}

/** Classifies every cell by the square of cells around it: none of the grain, some, or nothing else. */
export function maskOf(shape: SolidShape, step: number): GrainMask {
  const {width, height, cells} = shape;
  const radius = reach(step);
  const full = (2 * radius + 1) ** 2;
  const size = width * height;
  if (rowSums.length < size) rowSums = new Uint8Array(size);
  for (let i = radius; i < size - radius; i++) {
    let sum = 0;
    for (let k = i - radius; k <= i + radius; k++) sum += cells[k];
    rowSums[i] = sum;
  }
  const mask = new Uint8Array(size);
  for (let i = (radius + 1) * width; i < size - (radius + 1) * width; i++) {
    let sum = 0;
    for (let k = i - radius * width; k <= i + radius * width; k += width) sum += rowSums[k];
    mask[i] = sum === 0 ? OUTSIDE : sum === full ? INTERIOR : EDGE;
  }
  return {...shape, cells: mask, step};
}
