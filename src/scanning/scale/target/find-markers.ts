import type {Frame} from '../../../image/frame.ts';
import type {Outline, Point} from '../../types.ts';
import {colorAt} from '../edges/profile.ts';
import {applyHomography, fitHomography} from '../geometry/homography.ts';
import {isConvex, signedArea} from '../geometry/polygon.ts';
import {refineCorners} from '../rectangle/refine-sides.ts';
import {type Blob, findBlobs} from './blobs.ts';
import {darkerThanAround, grayPicture} from './gray-picture.ts';
import {MARKER_CELLS, readMarker} from './markers.ts';

/** A marker in a picture: its corners, top left, top right, bottom right, bottom left as it was printed. */
export interface FoundMarker {
  id: number;
  corners: Outline;
}

/** Pixels of the reduced picture that a marker's side has at least: two per cell. */
const LEAST_SIDE = 12;
/** Blobs of a picture of specks that are looked at, the largest. */
const MOST_BLOBS = 400;
/** Black and white of a marker are so many levels apart at least. */
const LEAST_CONTRAST = 20;
/** The sides of a unit square, as corners go round. */
const SQUARE: Outline = [
  [0, 0],
  [1, 0],
  [1, 1],
  [0, 1],
];

/** All markers of our sheets in a picture, whichever way round, with sub-pixel corners. */
export function findMarkers(picture: Frame): FoundMarker[] {
  const gray = grayPicture(picture);
  const {width, height, factor} = gray;
  const blobs = findBlobs(darkerThanAround(gray), width, height, LEAST_SIDE)
    .filter(({blob}) => mayBeMarker(blob, Math.max(width, height)))
    .sort((a, b) => b.blob.area - a.blob.area)
    .slice(0, MOST_BLOBS);
  const markers: FoundMarker[] = [];
  for (const {blob, rim} of blobs) {
    const corners = cornersOf(rim, blob)?.map(([x, y]): Point => [x * factor, y * factor]);
    const marker = corners && readCorners(picture, corners);
    if (!marker || markers.some(({id}) => id === marker.id)) continue;
    const cell = Math.sqrt(Math.abs(signedArea(marker.corners)) / 2) / MARKER_CELLS;
    const reach = Math.max(2, Math.min(2 * factor + 1, 0.4 * cell));
    const refined = refineCorners(picture, marker.corners, {reach, trim: 0.12, places: 24});
    if (refined) markers.push({id: marker.id, corners: refined.corners});
  }
  return markers;
}

function mayBeMarker({left, right, top, bottom, area}: Blob, side: number): boolean {
  const [width, height] = [right - left, bottom - top];
  const filled = area / (width * height);
  const elongated = Math.max(width, height) / Math.min(width, height);
  return Math.max(width, height) < 0.45 * side && elongated < 3 && filled > 0.22 && filled < 0.97;
}

/**
 * The corners of a blob that is a quadrilateral, clockwise: the point farthest from its middle, that farthest from this one,
 * and those farthest from the line between them on either side.
 */
function cornersOf(rim: readonly Point[], {area, left, right, top, bottom}: Blob): Outline | undefined {
  const middle: Point = [(left + right) / 2, (top + bottom) / 2];
  const first = farthest(rim, ([x, y]) => Math.hypot(x - middle[0], y - middle[1]));
  const third = farthest(rim, ([x, y]) => Math.hypot(x - first[0], y - first[1]));
  const side = ([x, y]: Point) => (third[0] - first[0]) * (y - first[1]) - (third[1] - first[1]) * (x - first[0]);
  const second = farthest(rim, (point) => -side(point));
  const fourth = farthest(rim, side);
  const corners = [first, second, third, fourth];
  const clockwise = signedArea(corners) > 0 ? corners : [...corners].reverse();
  const share = area / (Math.abs(signedArea(corners)) / 2);
  return isConvex(clockwise) && share > 0.4 && share < 1.1 ? clockwise : undefined;
}

function farthest(points: readonly Point[], measure: (point: Point) => number): Point {
  let [best, most] = [points[0], Number.NEGATIVE_INFINITY];
  for (const point of points) {
    const value = measure(point);
    if (value > most) [best, most] = [point, value];
  }
  return best;
}

/** Reads the cells within four corners, and turns the corners to where they are on the printed marker. */
function readCorners(picture: Frame, corners: Outline): FoundMarker | undefined {
  const toPicture = fitHomography(SQUARE.map((point, i) => [point, corners[i]]));
  if (!toPicture) return undefined;
  const levels = Array.from({length: MARKER_CELLS ** 2}, (_, i) => {
    const [row, column] = [Math.floor(i / MARKER_CELLS), i % MARKER_CELLS];
    let sum = 0;
    for (const dx of [0.35, 0.65])
      for (const dy of [0.35, 0.65]) {
        const point = applyHomography(toPicture, [(column + dx) / MARKER_CELLS, (row + dy) / MARKER_CELLS]);
        const [red, green, blue] = colorAt(picture, point[0], point[1]);
        sum += (red + 2 * green + blue) / 16;
      }
    return sum;
  });
  const [darkest, brightest] = [Math.min(...levels), Math.max(...levels)];
  if (brightest - darkest < LEAST_CONTRAST) return undefined;
  const limit = (darkest + brightest) / 2;
  let bits = 0;
  let wrong = 0;
  for (const [i, level] of levels.entries()) {
    const [row, column] = [Math.floor(i / MARKER_CELLS), i % MARKER_CELLS];
    const border = Math.min(row, column) === 0 || Math.max(row, column) === MARKER_CELLS - 1;
    if (border) wrong += level > limit ? 1 : 0;
    else bits = (bits << 1) | (level > limit ? 1 : 0);
  }
  const read = wrong > 1 ? undefined : readMarker(bits);
  return read && {id: read.id, corners: corners.map((_, i) => corners[(i + read.turns) % 4])};
}
