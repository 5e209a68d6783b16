import type {Homography, Outline, Point} from '../../types.ts';
import {applyHomography, fitHomography, invertHomography, stretchAt} from '../geometry/homography.ts';
import {signedArea} from '../geometry/polygon.ts';

/** How a quadrilateral of a picture is seen as a rectangle of known sides. */
export interface RectangleView {
  toMillimeters: Homography;
  fromMillimeters: Homography;
  /** By which share the sides are off the ratio, for the camera that fits best. */
  residual: number;
  /** Degrees between the camera and the vertical. */
  tilt: number;
}

/** Focal lengths of cameras, in longer sides of the picture; were they longer, a tilt would explain any ratio. */
const FOCAL_LENGTHS = [0.55, 0.65, 0.75, 0.85, 1, 1.2, 1.5, 2, 3];

/**
 * The view of a rectangle with the sides `width` and `height` in mm, whichever of its sides comes first. Any four corners fit
 * any rectangle by some homography: what tells is whether a camera can see it so. With H from mm to pixels from the middle
 * of the picture and the focal length f, the columns (h11, h21, f h31) and (h12, h22, f h32) must be of one length and
 * perpendicular (Hartley and Zisserman, section 8.8, with square pixels and the principal point in the middle).
 *
 * @param corners four, in the order in which they lie
 * @returns undefined where no homography is found
 */
export function viewOfRectangle(
  corners: Outline,
  [width, height]: readonly [number, number],
  picture: {width: number; height: number},
): RectangleView | undefined {
  const clockwise = signedArea(corners) > 0 ? corners : [...corners].reverse();
  const views = [0, 1].flatMap((turn) => {
    const turned = [0, 1, 2, 3].map((i) => clockwise[(i + turn) % 4]);
    return viewOf(turned, [width, height], picture) ?? [];
  });
  return views.sort((a, b) => a.residual - b.residual)[0];
}

function viewOf(
  corners: Outline,
  [width, height]: readonly [number, number],
  picture: {width: number; height: number},
) {
  const millimeters: Point[] = [
    [0, 0],
    [width, 0],
    [width, height],
    [0, height],
  ];
  const toMillimeters = fitHomography(corners.map((corner, i) => [corner, millimeters[i]]));
  if (!toMillimeters) return undefined;
  const fromMillimeters = invertHomography(toMillimeters);
  return {
    toMillimeters,
    fromMillimeters,
    residual: residualOf(fromMillimeters, picture),
    tilt: tiltOf(toMillimeters, picture),
  };
}

/** How far from what any camera sees a plane transform from mm to pixels is: 0 for one that some camera sees. */
export function residualOf(fromMillimeters: Homography, {width, height}: {width: number; height: number}): number {
  const [a, b, , d, e, , g, h] = fromMillimeters;
  const [x, y] = [width / 2, height / 2];
  const first = [a - x * g, d - y * g, g];
  const second = [b - x * h, e - y * h, h];
  const residuals = FOCAL_LENGTHS.map((sides) => {
    const f = sides * Math.max(width, height);
    const one = Math.hypot(first[0], first[1], f * first[2]);
    const other = Math.hypot(second[0], second[1], f * second[2]);
    const product = first[0] * second[0] + first[1] * second[1] + f * f * first[2] * second[2];
    return Math.hypot(Math.log(one / other), product / (one * other));
  });
  return Math.min(...residuals);
}

/** In the middle of the picture, a plane tilted by t is shortened by cos t in one direction. */
export function tiltOf(toMillimeters: Homography, {width, height}: {width: number; height: number}): number {
  const {largest, smallest} = stretchAt(toMillimeters, [width / 2, height / 2]);
  return (Math.acos(Math.min(1, smallest / largest)) * 180) / Math.PI;
}

/** Pixels per millimeter in the middle of the picture, the mean of all directions. */
export function pxPerMmOf(toMillimeters: Homography, {width, height}: {width: number; height: number}): number {
  const {largest, smallest} = stretchAt(toMillimeters, [width / 2, height / 2]);
  return 1 / Math.sqrt(largest * smallest);
}

/** A rectangle of the plane in mm, as it lies in the picture. */
export function rectangleInPicture(
  fromMillimeters: Homography,
  {x, y, width, height}: {x: number; y: number; width: number; height: number},
): Outline {
  const corners: Point[] = [
    [x, y],
    [x + width, y],
    [x + width, y + height],
    [x, y + height],
  ];
  return corners.map((corner) => applyHomography(fromMillimeters, corner));
}
