import type {Frame} from '../frame.ts';
import {type Kernels, LAYOUT, openKernels} from '../kernels/kernels.ts';
import {type Background, colorNumber, estimateBackground, isBlack} from './background/estimate-background.ts';
import {findOnBackground} from './background/find-on-background.ts';
import {candidatesOf} from './background/regions.ts';
import {connectRuns, RUN} from './components.ts';
import {type GrainMask, marginFor, maskOf} from './mask.ts';
import {type Moments, momentsOf} from './moments.ts';
import {reachesBorder, type SolidShape, solidShape} from './shape.ts';
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

/** A grain with what it takes to cut it out, before the next frame is looked at. */
export interface FoundGrain extends GrainMeasurements {
  /** Unit vector along the long axis, `cos >= 0`. */
  cos: number;
  sin: number;
  mask: GrainMask;
  /** Whether it lies on black as it is. */
  onBlack: boolean;
  /** Whether it reaches the frame's border, and may go on beyond it. */
  atBorder: boolean;
}

/** Cells along the longer side; measuring on a grid this fine is exact to a fraction of a pixel and four times as fast. */
const GRID_CELLS = 125;
/** Cells along the longer side that are enough where they need not be more. */
const ENOUGH_CELLS = 80;
/** The same as GRID_CELLS for what is too small for that; no more than the kernels have room for. */
const FINE_CELLS = 250;
/** The grain covers at least and at most this share of the frame. */
const LEAST_COVER = 0.001;
const MOST_COVER = 0.7;
/** Cells across; what is thinner is a hair or an edge. */
const LEAST_WIDTH = 1.5;
/** An object counts as grain-like from this share of the largest one's area, and of the frame's. */
const OBJECT_SHARE = 0.1;
const OBJECT_COVER = 0.0005;

/** A grain's cells, and how many objects like it there are. */
interface FoundShape {
  shape: SolidShape;
  objects: number;
  atBorder: boolean;
  /** From a cell's position in the grid, times the step, to the middle of what was looked at of it. */
  offset: number;
}

/**
 * Finds the largest object that stands out from the background; undefined where none does.
 *
 * @param frame no side longer than MAX_FRAME_SIDE
 */
export function findGrain(frame: Frame, kernels = openKernels()): FoundGrain | undefined {
  const step = Math.max(1, Math.floor(Math.max(frame.width, frame.height) / GRID_CELLS));
  kernels.place(frame);
  const background = estimateBackground(frame, step, kernels);
  const onBlack = isBlack(background);
  if (onBlack) return measuredIfGrain(findOnBlack(frame, step, background, kernels), frame, step, true, kernels);
  const steps = step === 1 ? stepsForSmall(frame) : [step];
  for (const each of steps) {
    const found = measuredIfGrain(findOnOthers(frame, each, kernels), frame, each, false, kernels);
    if (found) return found;
  }
  return undefined;
}

/**
 * In a small picture a cell of one pixel has all of the background's texture, which a grain may not stand out from: cells
 * of two pixels average it. That comes first where it leaves cells enough, and second where it leaves few.
 */
function stepsForSmall({width, height}: Frame): number[] {
  return Math.max(width, height) < ENOUGH_CELLS * 2 ? [1, 2] : [2, 1];
}

/** What was found, unless it is too small, too large or too thin to be a grain. */
function measuredIfGrain(
  found: FoundShape | undefined,
  frame: Frame,
  step: number,
  onBlack: boolean,
  kernels: Kernels,
): FoundGrain | undefined {
  if (!found) return undefined;
  const moments = momentsOf(found.shape);
  const cover = moments.area / (Math.ceil(frame.width / step) * Math.ceil(frame.height / step));
  if (cover < LEAST_COVER || cover > MOST_COVER || moments.width < LEAST_WIDTH) return undefined;
  return measured(found, moments, step, onBlack, kernels);
}

/**
 * Finds the largest bright speck on black, be it a single pixel: whether it is a grain, a closer look has to say. Undefined
 * where there is none, and on other backgrounds, whose texture is full of them.
 *
 * @param frame no side longer than MAX_FRAME_SIDE
 */
export function findSpeck(frame: Frame, kernels = openKernels()): FoundGrain | undefined {
  const step = Math.ceil(Math.max(frame.width, frame.height) / FINE_CELLS);
  kernels.place(frame);
  const background = estimateBackground(frame, step, kernels);
  const found = isBlack(background) ? findOnBlack(frame, step, background, kernels) : undefined;
  return found && measured(found, momentsOf(found.shape), step, true, kernels);
}

/** What was found in cells, in pixels of the frame. */
function measured(
  {shape, objects, offset, atBorder}: FoundShape,
  moments: Moments,
  step: number,
  onBlack: boolean,
  kernels: Kernels,
): FoundGrain {
  return {
    area: moments.area * step * step,
    length: moments.length * step,
    width: moments.width * step,
    angle: moments.angle,
    objects,
    x: moments.x * step + offset,
    y: moments.y * step + offset,
    cos: moments.cos,
    sin: moments.sin,
    mask: maskOf(shape, step, kernels),
    onBlack,
    atBorder,
  };
}

/** On black nothing but a grain is bright: no shadow shows, and no texture. */
function findOnBlack(frame: Frame, step: number, background: Background, kernels: Kernels): FoundShape | undefined {
  const grid = measureDistances(frame, step, background, kernels);
  const usual = distanceThreshold(grid.histogram, background.spread);
  if (usual) return shapeAbove(grid, usual.threshold, step, kernels);
  // Something lies over the border: what it is, most of the border does not tell.
  const quiet = {...background, spread: background.quietSpread};
  const again = measureDistances(frame, step, quiet, kernels);
  const covered = distanceThreshold(again.histogram, quiet.spread);
  return covered && shapeAbove(again, covered.threshold, step, kernels, true);
}

/** @param avoidBorder whether what touches the border is taken only where there is nothing else */
function shapeAbove(
  {width, height, stride}: DistanceGrid,
  threshold: number,
  step: number,
  kernels: Kernels,
  avoidBorder = false,
): FoundShape | undefined {
  const count = kernels.functions.findRuns(LAYOUT.cells, height, stride, threshold, LAYOUT.runs);
  if (count === 0) return undefined;
  const runs = kernels.integers(LAYOUT.runs, count * RUN);
  const components = connectRuns(runs);
  const most = components.areas.reduce((largest, area) => Math.max(largest, area), 0);
  const least = Math.max(most * OBJECT_SHARE, width * height * OBJECT_COVER);
  const [inside] = avoidBorder ? candidatesOf({width, height}, runs, components.roots, least) : [];
  const shape = solidShape(runs, {...components, largest: inside ?? components.largest}, marginFor(step));
  return {
    shape,
    objects: components.areas.filter((area) => area >= least).length,
    offset: sampleOffset(step) + 0.5,
    atBorder: reachesBorder(shape, {width, height}, marginFor(step)),
  };
}

/** One pixel a cell, which is the mean of all of the frame's there. */
function findOnOthers(frame: Frame, step: number, kernels: Kernels): FoundShape | undefined {
  const width = Math.ceil(frame.width / step);
  const height = Math.ceil(frame.height / step);
  kernels.functions.averageBoxes(LAYOUT.frame, frame.width, frame.height, step, LAYOUT.cellColors);
  const data = kernels.bytes.subarray(LAYOUT.cellColors, LAYOUT.cellColors + width * height * 3);
  const found = findOnBackground({width, height, data}, marginFor(step), kernels);
  return found && {...found, offset: step / 2};
}

/** Where in its cell the sampled pixel lies. */
function sampleOffset(step: number): number {
  return step >> 1;
}

/** Distances from the background, one a cell, and how many cells have which; those up to the floor count as 0. */
interface DistanceGrid {
  width: number;
  height: number;
  /** Bytes of a row. */
  stride: number;
  histogram: Uint32Array;
}

/** Measures each cell's distance from the background, the largest of the three channels'. */
function measureDistances(frame: Frame, step: number, background: Background, kernels: Kernels): DistanceGrid {
  const width = Math.ceil(frame.width / step);
  const height = Math.ceil(frame.height / step);
  const stride = Math.ceil(width / 16) * 16;
  const histogram = new Uint32Array(kernels.bytes.buffer, LAYOUT.histogram, 256).fill(0);
  const above = kernels.functions.measureDistances(
    LAYOUT.frame,
    frame.width,
    frame.height,
    step,
    sampleOffset(step),
    colorNumber(background),
    distanceFloor(background.spread),
    LAYOUT.cells,
    width,
    height,
    stride,
    LAYOUT.histogram,
  );
  histogram[0] = width * height - above;
  return {width, height, stride, histogram};
}
