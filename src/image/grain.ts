import {type Background, estimateBackground} from './background.ts';
import {type CellGrid, EMPTY, findComponents, floodFill, GRAIN, OBJECT, VISITED} from './components.ts';
import type {Frame} from './frame.ts';
import {type GrainMask, maskOf, solidShape} from './mask.ts';
import {momentsOf} from './moments.ts';
import {distanceFloor, distanceThreshold} from './threshold.ts';

/** What was measured of a grain, in pixels of the picture it was found in. */
export interface GrainMeasurements {
  /** Pixels covered. */
  area: number;
  /** Major and minor axis of the ellipse with the same second moments. */
  length: number;
  width: number;
  /** Of the long axis: degrees in [0, 180), from the picture's x axis towards its y axis (which points down). */
  angle: number;
  /** Number of grain-like objects in the picture; 1 where the grain is alone. */
  objects: number;
  /** Centroid; the middle of the top left pixel is (0.5, 0.5). */
  x: number;
  y: number;
}

/** A grain with what it takes to cut it out. */
export interface FoundGrain extends GrainMeasurements {
  /** Unit vector along the long axis, `cos >= 0`. */
  cos: number;
  sin: number;
  mask: GrainMask;
  background: Background;
  /** Mean distance of the grain's pixels from the background, 0..255. */
  contrast: number;
}

/** Cells along the longer side; measuring on a grid this fine is exact to a fraction of a pixel and four times as fast. */
const GRID_CELLS = 125;
/** The grain covers at least and at most this share of the frame. */
const LEAST_COVER = 0.001;
const MOST_COVER = 0.7;
/** Cells across; what is thinner is a hair or an edge. */
const LEAST_WIDTH = 1.5;
/** An object counts as grain-like from this share of the largest one's area, and of the frame's. */
const OBJECT_SHARE = 0.1;
const OBJECT_COVER = 0.0005;

const histogram = new Uint32Array(256);
let gridCells = new Uint8Array(0);
let candidateCells = new Uint32Array(0);

/** Finds the largest object that stands out from the background along the frame's border; undefined where none does. */
export function findGrain(frame: Frame): FoundGrain | undefined {
  const step = Math.max(1, Math.floor(Math.max(frame.width, frame.height) / GRID_CELLS));
  const background = estimateBackground(frame, step);
  const {grid, candidates} = measureDistances(frame, step, background);
  const found = distanceThreshold(histogram, background.spread);
  if (!found) return undefined;

  markObjects(grid, candidates, found.threshold);
  const components = findComponents(grid, candidates);
  if (!components) return undefined;
  floodFill(grid, components.seed, VISITED, GRAIN);
  const shape = solidShape(grid, step);
  const moments = momentsOf(shape);
  const frameCells = grid.width * grid.height;
  const cover = moments.area / frameCells;
  if (cover < LEAST_COVER || cover > MOST_COVER || moments.width < LEAST_WIDTH) return undefined;

  const least = Math.max(components.largest * OBJECT_SHARE, frameCells * OBJECT_COVER);
  const offset = sampleOffset(step) + 0.5;
  return {
    area: moments.area * step * step,
    length: moments.length * step,
    width: moments.width * step,
    angle: moments.angle,
    objects: components.areas.filter((area) => area >= least).length,
    x: moments.x * step + offset,
    y: moments.y * step + offset,
    cos: moments.cos,
    sin: moments.sin,
    mask: maskOf(shape, step),
    background,
    contrast: found.contrast,
  };
}

/** Where in its cell the sampled pixel lies. */
function sampleOffset(step: number): number {
  return step >> 1;
}

/**
 * Fills a grid with each cell's distance from the background (the largest of the three channels'), 0 where that is not
 * above the floor, lists the cells above it, and fills the histogram.
 */
function measureDistances(frame: Frame, step: number, background: Background) {
  const {data} = frame;
  const {red, green, blue} = background;
  const floor = distanceFloor(background.spread);
  const grid = emptyGrid(Math.ceil(frame.width / step), Math.ceil(frame.height / step));
  const {width, height, stride, cells} = grid;
  const both = 2 * floor;
  const offset = sampleOffset(step);
  const lastColumn = frame.width - 1;
  let count = 0;
  histogram.fill(0);
  for (let y = 0; y < height; y++) {
    const row = Math.min(frame.height - 1, y * step + offset) * frame.width;
    const target = (y + 1) * stride + 1;
    for (let x = 0, column = offset; x < width; x++, column += step) {
      const i = (row + Math.min(column, lastColumn)) * 3;
      const r = data[i] - red;
      const g = data[i + 1] - green;
      const b = data[i + 2] - blue;
      // As unsigned numbers, levels below -floor are large: one comparison tests both sides.
      if ((r + floor) >>> 0 <= both && (g + floor) >>> 0 <= both && (b + floor) >>> 0 <= both) continue;
      const distance = Math.max(Math.abs(r), Math.abs(g), Math.abs(b));
      cells[target + x] = distance;
      candidateCells[count++] = target + x;
      histogram[distance]++;
    }
  }
  histogram[0] = width * height - count;
  return {grid, candidates: candidateCells.subarray(0, count)};
}

/** Turns the candidates' distances into OBJECT or EMPTY. */
function markObjects({cells}: CellGrid, candidates: Uint32Array, threshold: number): void {
  for (let k = 0; k < candidates.length; k++) {
    const i = candidates[k];
    cells[i] = cells[i] > threshold ? OBJECT : EMPTY;
  }
}

/** Valid until the next call. */
function emptyGrid(width: number, height: number): CellGrid {
  const stride = width + 2;
  const size = stride * (height + 2);
  if (gridCells.length < size) {
    gridCells = new Uint8Array(size);
    candidateCells = new Uint32Array(size);
  }
  return {width, height, stride, cells: gridCells.subarray(0, size).fill(EMPTY)};
}
