import type {Outline, Point} from '../types.ts';
import {applyHomography} from './geometry/homography.ts';
import type {FoundScale} from './types.ts';

/** A point of the picture in mm: on the plane of the reference where its perspective is known, else from the top left corner. */
export function toMillimeters([x, y]: Point, {scale, toMillimeters}: FoundScale): Point {
  return toMillimeters ? applyHomography(toMillimeters, [x, y]) : [x / scale.pxPerMm, y / scale.pxPerMm];
}

/** An outline of the picture in mm. Lengths and areas are then those of its points. */
export function millimeters(outline: Outline, found: FoundScale): Outline {
  return outline.map((point) => toMillimeters(point, found));
}
