import {corrupt, unsupported} from '../bytes.ts';

/** What is to be done with a decoded picture before it is shown (ISO/IEC 23008-12, sections 6.5.9, 6.5.10 and 6.5.12). */
export type Transform =
  /** By quarters of a circle, against the clock. */
  | {kind: 'turn'; quarters: number}
  /** Axis 0: top and bottom change places; 1: left and right. */
  | {kind: 'mirror'; axis: number}
  /** To a width and height; x and y lead from the middle of the picture to that of the part. */
  | {kind: 'crop'; width: number; height: number; x: number; y: number};

type CropTransform = Extract<Transform, {kind: 'crop'}>;

/** The part of a picture that is to be shown. */
export interface Crop {
  left: number;
  top: number;
  width: number;
  height: number;
}

/** EXIF orientations by quarter turns against the clock, after mirroring left and right or not. */
const TURNED = [1, 8, 3, 6];
const MIRRORED_THEN_TURNED = [2, 5, 4, 7];

/** Sums up transforms in their order: the part that is shown, and how that is turned, as an EXIF orientation. */
export function sumUp(
  transforms: readonly Transform[],
  size: {width: number; height: number},
  format: string,
): {crop: Crop | undefined; orientation: number} {
  let crop: Crop | undefined;
  let quarters = 0;
  let mirrored = false;
  for (const transform of transforms) {
    if (transform.kind === 'crop') {
      // The order that ISO/IEC 23000-22, section 7.3.6.7, prescribes: crop, then turn, then mirror.
      if (crop || quarters !== 0 || mirrored) throw unsupported(`${format} that is cropped after it is turned`);
      crop = cropOf(transform, size, format);
    } else if (transform.kind === 'turn') quarters += transform.quarters;
    else {
      quarters = (transform.axis === 1 ? 4 : 6) - (quarters % 4);
      mirrored = !mirrored;
    }
  }
  return {crop, orientation: (mirrored ? MIRRORED_THEN_TURNED : TURNED)[quarters % 4]};
}

/** The orientation of a track by its matrix (ISO/IEC 14496-12, section 8.3.2): where x and y go. */
export function matrixOrientation([a, b, c, d]: readonly number[], format: string): number {
  const signs = [a, b, c, d].map(Math.sign).join();
  const orientation = ['1,0,0,1', '-1,0,0,1', '-1,0,0,-1', '1,0,0,-1', '0,1,1,0', '0,1,-1,0', '0,-1,-1,0', '0,-1,1,0'];
  const index = orientation.indexOf(signs);
  if (index < 0) throw unsupported(`${format} that is turned by less than a quarter`);
  return index + 1;
}

function cropOf(part: CropTransform, size: {width: number; height: number}, format: string): Crop {
  const {width, height} = part;
  const [left, top] = [part.x + (size.width - width) / 2, part.y + (size.height - height) / 2];
  if (![left, top, width, height].every(Number.isInteger)) throw unsupported(`${format} that is cropped within pixels`);
  if (width < 1 || height < 1 || left < 0 || top < 0 || left + width > size.width || top + height > size.height)
    throw corrupt(format, 'it is cropped to what it does not have');
  return {left, top, width, height};
}
