import type {Frame} from '../frame.ts';
import {MAX_FRAME_SIDE} from '../kernels/kernels.ts';
import {reduceFrame} from '../resize/reduce.ts';
import {quickselect} from './background/quickselect.ts';
import {type FoundGrain, findGrain} from './find-grain.ts';
import {INTERIOR, marginFor} from './mask.ts';
import type {RefinedDetection} from './refine-detection.ts';

/**
 * A grain is closely cut out if this share of the picture's sides at most lies between each end of the grain and the border.
 * Of the pictures of the Rice Image Dataset, which are not cut, the least such share is 0.168.
 */
const MAX_MARGIN = 0.15;
/** How much ground is added on each side, in longer sides of the picture: enough to fit a background's surface to. */
const ADDED = 0.18;
/** The longest side that can be extended by so much. */
const MAX_SIDE = Math.floor(MAX_FRAME_SIDE / (1 + 2 * ADDED)) - 2;
/** Sides of the corners and of the middle that are looked at, in sides of the picture, and at least in pixels. */
const CORNER = 0.04;
const MIN_CORNER = 2;
/** Least difference in levels between the middle of the picture and its ground. */
const MIN_CONTRAST = 24;
/** A corner is ground if it differs from the one least like the grain by at most this share of that one's contrast. */
const ALIKE = 0.4;
/** A grain fills the ellipse with the same moments, but for this share. */
const MAX_MISFIT = 0.1;
/** At a grain's outline, the color changes by at least this share of what it changes by from the ground to the middle. */
const MIN_CHANGE = 0.5;
/** A grain fills at most this share of its bounding box; an ellipse 0.79. What fills it all is a picture within a rim. */
const MAX_FILL = 0.93;

/**
 * Finds a grain that fills the picture, which leaves little or no background to tell it from: the ground is extended beyond
 * the borders first, in the color of the corners that are unlike the middle. Undefined if the picture is not such a crop.
 * The mask of what was found before may be invalid afterwards.
 *
 * @param reduced the picture, reduced by `factor`
 * @returns with the top left corner of the extended picture, outside of the picture
 */
export function findCloselyCut(reduced: Frame, factor: number): RefinedDetection | undefined {
  const smaller = Math.max(reduced.width, reduced.height) > MAX_SIDE ? 2 : 1;
  const frame = reduceFrame(reduced, smaller);
  const ground = groundOf(frame);
  if (!ground) return undefined;
  const added = Math.ceil(ADDED * Math.max(frame.width, frame.height));
  const extended = extend(frame, ground, added);
  const grain = findGrain(extended);
  if (grain?.objects !== 1 || grain.atBorder || !fillsFrame(grain, frame, added)) return undefined;
  if (!isGrainLike(grain) || !hasOutline(grain, extended, ground)) return undefined;
  const scale = factor * smaller;
  return {grain, frame: extended, factor: scale, left: -added * scale, top: -added * scale};
}

/**
 * Whether a grain reaches near to all four borders of a frame.
 *
 * @param offset position of the frame's left and upper borders in the coordinates of the grain
 */
export function fillsFrame({mask}: FoundGrain, {width, height}: Frame, offset = 0): boolean {
  const inner = marginFor(mask.step);
  const left = (mask.x + inner) * mask.step - offset;
  const top = (mask.y + inner) * mask.step - offset;
  const right = (mask.x + mask.width - inner) * mask.step - offset;
  const bottom = (mask.y + mask.height - inner) * mask.step - offset;
  const [aside, above] = [MAX_MARGIN * width, MAX_MARGIN * height];
  return left <= aside && width - right <= aside && top <= above && height - bottom <= above;
}

/** Whether a shape is about an ellipse, and no rectangle. */
function isGrainLike({area, length, width, mask}: FoundGrain): boolean {
  const inner = marginFor(mask.step);
  const box = (mask.width - 2 * inner) * (mask.height - 2 * inner) * mask.step * mask.step;
  return area <= MAX_FILL * box && Math.abs(area / ((Math.PI / 4) * length * width) - 1) <= MAX_MISFIT;
}

/**
 * Whether the color changes at the outline, rather than slowly over the picture as under a lamp: in each row of cells, the
 * outermost in the grain are compared with those beside its soft edge.
 */
function hasOutline({mask}: FoundGrain, frame: Frame, ground: Color): boolean {
  const {step, width, height, rows, cells} = mask;
  const colorAt = (x: number, y: number): Color => {
    const [column, row] = [(mask.x + x) * step + (step >> 1), (mask.y + y) * step + (step >> 1)];
    const at = (row * frame.width + column) * 3;
    return [frame.data[at], frame.data[at + 1], frame.data[at + 2]];
  };
  let [change, contrast] = [0, 0];
  for (let y = 0; y < height; y++) {
    const row = cells.subarray(y * width, (y + 1) * width);
    const first = row.indexOf(INTERIOR);
    if (first < 0) continue;
    const last = row.lastIndexOf(INTERIOR);
    change += difference(colorAt(first, y), colorAt(rows[2 * y] - 1, y));
    change += difference(colorAt(last, y), colorAt(rows[2 * y + 1], y));
    contrast += 2 * difference(colorAt((first + last) >> 1, y), ground);
  }
  return change >= MIN_CHANGE * contrast;
}

type Color = readonly [red: number, green: number, blue: number];

/** The color of the corners that are unlike the middle; undefined if there are none, or if these are not alike. */
function groundOf(frame: Frame): Color | undefined {
  const {width, height} = frame;
  const [w, h] = [width, height].map((side) => Math.min(side, Math.max(MIN_CORNER, Math.round(CORNER * side))));
  const middle = medianColor(frame, (width - w) >> 1, (height - h) >> 1, w, h);
  const corners = [
    [0, 0],
    [width - w, 0],
    [0, height - h],
    [width - w, height - h],
  ].map(([x, y]) => medianColor(frame, x, y, w, h));
  const contrasts = corners.map((corner) => difference(corner, middle));
  const contrast = Math.max(...contrasts);
  if (contrast < MIN_CONTRAST) return undefined;
  const furthest = corners[contrasts.indexOf(contrast)];
  const ground = corners.filter((corner) => difference(corner, furthest) <= ALIKE * contrast);
  // The long axis of a thin grain may end in two of the corners.
  if (ground.length < 2) return undefined;
  const mean = (channel: number) => Math.round(ground.reduce((sum, each) => sum + each[channel], 0) / ground.length);
  return [mean(0), mean(1), mean(2)];
}

function difference(a: Color, b: Color): number {
  return Math.max(Math.abs(a[0] - b[0]), Math.abs(a[1] - b[1]), Math.abs(a[2] - b[2]));
}

/** The median of each channel in a rectangle. */
function medianColor({data, width: stride}: Frame, left: number, top: number, width: number, height: number): Color {
  const [red, green, blue] = [0, 1, 2].map((channel) => {
    const levels = new Float64Array(width * height);
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++) levels[y * width + x] = data[((top + y) * stride + left + x) * 3 + channel];
    return quickselect(levels, levels.length >> 1);
  });
  return [red, green, blue];
}

/** The frame with `added` pixels of one color on each side. */
function extend(frame: Frame, color: Color, added: number): Frame {
  const width = frame.width + 2 * added;
  const height = frame.height + 2 * added;
  const data = new Uint8Array(width * height * 3);
  for (let i = 0; i < data.length; i += 3) data.set(color, i);
  for (let y = 0; y < frame.height; y++)
    data.set(frame.data.subarray(y * frame.width * 3, (y + 1) * frame.width * 3), ((y + added) * width + added) * 3);
  return {width, height, data};
}
