import type {Frame} from '../frame.ts';
import {type Kernels, LAYOUT, openKernels} from '../kernels/kernels.ts';
import {hangsOnSomething} from './attached.ts';
import {type Background, colorNumber, estimateBackground, isBlack} from './background/estimate-background.ts';
import {findOnBackground} from './background/find-on-background.ts';
import {candidatesOf} from './background/regions.ts';
import {borderContact} from './border-contact.ts';
import {clearComponents} from './clear-components.ts';
import {connectRuns, RUN} from './components.ts';
import {countCrowd} from './crowd.ts';
import {type GrainMask, marginFor, maskOf} from './mask.ts';
import {type Moments, momentsOf} from './moments.ts';
import {reachesBorder, type SolidShape, solidShape} from './shape.ts';
import {thingsIn} from './things.ts';
import {distanceFloor, distanceThreshold} from './threshold.ts';
import {countTouching} from './touching.ts';

/** Measurements of a grain, in pixels of the picture. */
export interface GrainMeasurements {
  /** Number of pixels. */
  area: number;
  /** Major and minor axis of the ellipse with the same second moments. */
  length: number;
  width: number;
  /** Angle of the long axis: degrees in [0, 180), from the x axis towards the y axis, which points down. */
  angle: number;
  /** Number of grain-like objects in the picture; 1 if the grain is alone. */
  objects: number;
  /** Centroid; the center of the top left pixel is (0.5, 0.5). */
  x: number;
  y: number;
}

/** A grain with all that is needed to cut it out; valid until the next frame. */
export interface FoundGrain extends GrainMeasurements {
  /** Unit vector along the long axis, `cos >= 0`. */
  cos: number;
  sin: number;
  mask: GrainMask;
  /** Whether the background is black. */
  onBlack: boolean;
  /** Whether it reaches the frame's border, and may be cut off. */
  atBorder: boolean;
  /** Of how many grains that touch each other it is made; `objects` counts them all. */
  touching: number;
  /** Length of its outline along the frame's border, in pixels. */
  cut: number;
  /** Whether something small hangs on it. */
  attached: boolean;
  /** Number of other things in the frame that are no grains. */
  others: number;
}

/** Cells along the longer side: exact to a fraction of a pixel, and four times as fast as measuring every pixel. */
const GRID_CELLS = 125;
/** Cells along the longer side that are enough where they need not be more. */
const ENOUGH_CELLS = 80;
/** GRID_CELLS for grains too small for it; the kernels' memory limits it. */
const FINE_CELLS = 250;
/** Least and greatest share of the frame that a grain covers. */
const MIN_COVER = 0.001;
const MAX_COVER = 0.7;
/** A black border that differs by more levels is covered by something: even a rough cloth is not so uneven. */
const MAX_UNEVENNESS = 40;
/** Least width in cells; anything thinner is a hair or an edge. */
const MIN_WIDTH = 1.5;
/** A grain-like object has at least this share of the largest one's area, and of the frame's. */
const OBJECT_SHARE = 0.1;
const OBJECT_COVER = 0.0005;

/** A grain's cells and the number of grain-like objects. */
interface FoundShape {
  shape: SolidShape;
  objects: number;
  others: number;
  atBorder: boolean;
  /** Cells along the frame's border. */
  contact: number;
  /** Offset in pixels from a cell's grid position times the step to the center of the pixels inFramePixels in it. */
  offset: number;
}

/**
 * Finds the largest object that stands out from the background; undefined if none does.
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
    const found = measuredIfGrain(findOnOther(frame, each, kernels), frame, each, false, kernels);
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
  if (cover < MIN_COVER || cover > MAX_COVER || moments.width < MIN_WIDTH) return undefined;
  return inFramePixels(found, moments, step, onBlack, kernels);
}

/**
 * Finds the largest bright speck on black, even a single pixel; the caller must check at a finer scale whether it is a
 * grain. Undefined if there is none, and on other backgrounds, whose texture is full of specks.
 *
 * @param frame no side longer than MAX_FRAME_SIDE
 */
export function findSpeck(frame: Frame, kernels = openKernels()): FoundGrain | undefined {
  const step = Math.ceil(Math.max(frame.width, frame.height) / FINE_CELLS);
  kernels.place(frame);
  const background = estimateBackground(frame, step, kernels);
  const found = isBlack(background) ? findOnBlack(frame, step, background, kernels) : undefined;
  return found && inFramePixels(found, momentsOf(found.shape), step, true, kernels);
}

/** Converts a detection from cells to pixels of the frame. */
function inFramePixels(
  {shape, objects, others, offset, atBorder, contact}: FoundShape,
  moments: Moments,
  step: number,
  onBlack: boolean,
  kernels: Kernels,
): FoundGrain {
  const touching = countTouching(shape, moments);
  return {
    area: moments.area * step * step,
    length: moments.length * step,
    width: moments.width * step,
    angle: moments.angle,
    objects: objects - 1 + touching,
    x: moments.x * step + offset,
    y: moments.y * step + offset,
    cos: moments.cos,
    sin: moments.sin,
    mask: maskOf(shape, step, kernels),
    onBlack,
    atBorder,
    touching,
    cut: contact * step,
    attached: touching === 1 && hangsOnSomething(shape, moments),
    others,
  };
}

/** On black only a grain is bright: there is no visible shadow or texture. */
function findOnBlack(frame: Frame, step: number, background: Background, kernels: Kernels): FoundShape | undefined {
  const grid = measureDistances(frame, step, background, kernels);
  const covered = background.spread - background.quietSpread > MAX_UNEVENNESS;
  const usual = covered ? undefined : distanceThreshold(grid.histogram, background.spread);
  if (usual) return shapeAbove(grid, usual.threshold, step, kernels, background);
  // An object may cover a part of the border and inflate its spread: use the spread of most of the border instead.
  const quiet = {...background, spread: background.quietSpread};
  const again = measureDistances(frame, step, quiet, kernels);
  const found = distanceThreshold(again.histogram, quiet.spread);
  return found && shapeAbove(again, found.threshold, step, kernels, {...quiet, avoidBorder: true});
}

interface SearchOptions {
  /** Of the border, from which the threshold was chosen. */
  spread: number;
  /** Whether objects at the border are used only if there is no other. */
  avoidBorder?: boolean;
  /** Whether what reaches in from the border was taken away already. */
  cleared?: boolean;
}

/** What reaches in from the border, such as a ruler, is taken away, and the threshold chosen anew: it may be far brighter than a grain. */
function shapeAbove(
  grid: DistanceGrid,
  threshold: number,
  step: number,
  kernels: Kernels,
  {spread, avoidBorder = false, cleared = false}: SearchOptions,
): FoundShape | undefined {
  const {width, height, stride} = grid;
  const count = kernels.functions.findRuns(LAYOUT.cells, height, stride, threshold, LAYOUT.runs);
  if (count === 0) return undefined;
  const runs = kernels.integers(LAYOUT.runs, count * RUN);
  const components = connectRuns(runs);
  const most = components.areas.reduce((largest, area) => Math.max(largest, area), 0);
  const least = Math.max(most * OBJECT_SHARE, width * height * OBJECT_COVER);
  const margin = marginFor(step);
  const several = components.areas.filter((area) => area >= least).length > 1;
  const largest = solidShape(runs, components, margin);
  const things =
    several || reachesBorder(largest, grid, margin) ? thingsIn(runs, components.roots, least, grid) : undefined;
  const [inside] = avoidBorder ? candidatesOf(grid, runs, components.roots, least) : [];
  const main = inside ?? things?.main ?? components.largest;
  const shape = main === components.largest ? largest : solidShape(runs, {...components, largest: main}, margin);
  const atBorder = reachesBorder(shape, grid, margin);
  const found = {
    shape,
    objects: Math.max(things?.objects ?? 1, countCrowd(runs, components)),
    others: things?.others ?? 0,
    offset: sampleOffset(step) + 0.5,
    atBorder,
    contact: atBorder ? borderContact(shape, grid, margin) : 0,
  };
  if (cleared || !things || things.reachingIn.length === 0) return found;
  const rest = clearComponents(things.reachingIn, runs, components.roots, grid, kernels);
  const again = distanceThreshold(rest, spread);
  return (again && shapeAbove(grid, again.threshold, step, kernels, {spread, cleared: true})) ?? found;
}

/** On other backgrounds, each cell is the mean of its pixels. */
function findOnOther(frame: Frame, step: number, kernels: Kernels): FoundShape | undefined {
  const width = Math.ceil(frame.width / step);
  const height = Math.ceil(frame.height / step);
  kernels.functions.averageBoxes(LAYOUT.frame, frame.width, frame.height, step, LAYOUT.cellColors);
  const data = kernels.bytes.subarray(LAYOUT.cellColors, LAYOUT.cellColors + width * height * 3);
  const found = findOnBackground({width, height, data}, marginFor(step), kernels);
  return found && {...found, offset: step / 2};
}

/** Position of the sampled pixel within its cell. */
function sampleOffset(step: number): number {
  return step >> 1;
}

/** Distances of the cells from the background and their histogram; distances up to the floor count as 0. */
interface DistanceGrid {
  width: number;
  height: number;
  /** Bytes per row. */
  stride: number;
  histogram: Uint32Array;
}

/** Measures each cell's distance from the background: the largest difference of the three channels. */
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
