import type {Frame} from '../../../image/frame.ts';
import type {Homography, Point} from '../../types.ts';
import {colorAt} from '../edges/profile.ts';
import {
  applyHomography,
  composeHomographies,
  fitHomography,
  invertHomography,
  type PointPair,
} from '../geometry/homography.ts';
import {boxOf, clipToPicture} from '../geometry/polygon.ts';
import {notFound} from '../not-found.ts';
import {pxPerMmOf, rectangleInPicture, residualOf, tiltOf} from '../rectangle/perspective.ts';
import type {FoundScale} from '../types.ts';
import {type FoundMarker, findMarkers} from './find-markers.ts';
import {type Box, type Marker, sheetOfMarker, type TargetSheet} from './sheet.ts';

const LEAST_MARKERS = 3;
/** Corners that are farther off, in mm, do not lie on one plane with the others. */
const MOST_OFF = 2;
/** A sheet that does not lie flat. */
const NOT_FLAT = 0.5;
/** A camera that sees the sheet so may be off from any real one by this share. */
const MOST_RESIDUAL = 0.08;
/** Of fields, so much at their border is left out, in mm. */
const INSET = 2;

/**
 * The scale, the perspective and the white balance by the sheet that `rice target` prints, from at least three of its four
 * markers.
 *
 * @param bar how many mm the printed bar of 100 mm is long
 * @throws RiceError REFERENCE_NOT_FOUND
 */
export function findTarget(picture: Frame, bar?: number): FoundScale {
  const markers = findMarkers(picture);
  const found = targetOf(picture, markers, bar);
  if (found) return found;
  const seen =
    markers.length === 0
      ? 'none of its four markers was seen'
      : markers.length < LEAST_MARKERS
        ? `only ${markers.length} of its four markers ${markers.length === 1 ? 'was' : 'were'} seen, and ${LEAST_MARKERS} are needed`
        : 'its markers do not lie on one flat sheet';
  throw notFound('the sheet that rice target prints', seen, ['Keep grains, fingers and reflections off the markers.']);
}

/** As `findTarget`, but undefined where there is none. */
export function lookForTarget(picture: Frame, bar?: number): FoundScale | undefined {
  return targetOf(picture, findMarkers(picture), bar);
}

function targetOf(picture: Frame, markers: readonly FoundMarker[], bar = 100): FoundScale | undefined {
  for (const paper of ['a4', 'letter'] as const) {
    const own = markers.filter(({id}) => sheetOfMarker(id).paper === paper);
    if (own.length < LEAST_MARKERS) continue;
    const sheet = sheetOfMarker(own[0].id);
    const fitted = fitSheet(sheet, own);
    if (!fitted) continue;
    const fromMillimeters = invertHomography(fitted.toMillimeters);
    if (residualOf(fromMillimeters, picture) > MOST_RESIDUAL) continue;
    return scaleOf(picture, sheet, {...fitted, fromMillimeters}, bar);
  }
  return undefined;
}

interface FittedSheet {
  markers: readonly FoundMarker[];
  toMillimeters: Homography;
  /** The farthest corner, in mm. */
  off: number;
}

/** The transform from pixels to the sheet's mm; of four markers, one that was moved or misread may be left out. */
function fitSheet(sheet: TargetSheet, markers: readonly FoundMarker[]): FittedSheet | undefined {
  const sets = [markers];
  if (markers.length > LEAST_MARKERS) sets.push(...markers.map((left) => markers.filter((marker) => marker !== left)));
  for (const set of sets) {
    const pairs = set.flatMap(({id, corners}) => {
      const marker = sheet.markers.find((each) => each.id === id);
      return marker ? corners.map((corner, i): PointPair => [corner, cornersOf(marker)[i]]) : [];
    });
    const toMillimeters = fitHomography(pairs);
    if (!toMillimeters) continue;
    const off = Math.max(...pairs.map(([from, to]) => distance(applyHomography(toMillimeters, from), to)));
    if (off <= MOST_OFF) return {markers: set, toMillimeters, off};
  }
  return undefined;
}

function scaleOf(
  picture: Frame,
  sheet: TargetSheet,
  {markers, toMillimeters, fromMillimeters, off}: FittedSheet & {fromMillimeters: Homography},
  bar: number,
): FoundScale {
  const factor = bar / 100;
  const printed = composeHomographies(toMillimeters, [factor, 0, 0, 0, factor, 0, 0, 0, 1]);
  const regions = sheet.fields
    .map((field) => rectangleInPicture(fromMillimeters, inset(field, INSET)))
    .map((outline) => clipToPicture(outline, picture.width, picture.height))
    .filter((outline) => outline.length > 2);
  const whiteBalance = balanceOf(picture, fromMillimeters, sheet.gray);
  const titles = {a4: 'A4', letter: 'Letter'};
  const warning = `the target does not lie flat: its markers are off by up to ${off.toFixed(1)} mm`;
  return {
    scale: {
      pxPerMm: pxPerMmOf(printed, picture),
      source: 'target',
      description: `target on ${titles[sheet.paper]}, ${markers.length} of 4 markers${bar === 100 ? '' : `, its bar ${bar} mm long`}`,
      tilt: tiltOf(printed, picture),
    },
    toMillimeters: printed,
    regions,
    objects: markers.map(({corners}) => ({kind: 'target', ...boxOf(corners), outline: corners})),
    ...(whiteBalance ? {whiteBalance} : {}),
    ...(off > NOT_FLAT ? {warnings: [warning]} : {}),
  };
}

/** Factors that make the gray patch gray, as bright as it is; undefined where it is too bright, dark or colorful for a patch. */
function balanceOf(picture: Frame, fromMillimeters: Homography, gray: Box): [number, number, number] | undefined {
  const sum = [0, 0, 0];
  const places = 8;
  const {x, y, width, height} = inset(gray, 2);
  for (let i = 0; i < places ** 2; i++) {
    const [u, v] = [((i % places) + 0.5) / places, (Math.floor(i / places) + 0.5) / places];
    const [px, py] = applyHomography(fromMillimeters, [x + u * width, y + v * height]);
    if (px < 0 || py < 0 || px > picture.width || py > picture.height) return undefined;
    for (const [c, level] of colorAt(picture, px, py).entries()) sum[c] += level / places ** 2;
  }
  const [red, green, blue] = sum;
  if (Math.max(...sum) > 250 || Math.min(...sum) < 15) return undefined;
  const mean = 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  const factors: [number, number, number] = [mean / red, mean / green, mean / blue];
  return factors.every((factor) => factor > 0.4 && factor < 2.5) ? factors : undefined;
}

function inset({x, y, width, height}: Box, by: number): Box {
  return {x: x + by, y: y + by, width: width - 2 * by, height: height - 2 * by};
}

function cornersOf({x, y, size}: Marker): Point[] {
  return [
    [x, y],
    [x + size, y],
    [x + size, y + size],
    [x, y + size],
  ];
}

function distance([x0, y0]: Point, [x1, y1]: Point): number {
  return Math.hypot(x1 - x0, y1 - y0);
}
