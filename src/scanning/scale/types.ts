import type {Homography, Outline, PictureObject, Scale} from '../types.ts';

/** What a person said about the scale. */
export type ScaleRequest =
  | {from: 'px-per-mm'; pxPerMm: number}
  | {from: 'dpi'; dpi: number}
  /** A round thing of this diameter in mm, at (x, y) or wherever one is. */
  | {from: 'coin'; diameter: number; at?: readonly [number, number]}
  | {from: 'card' | 'a4' | 'letter'; at?: readonly [number, number]}
  /** `bar`: how many mm the printed bar of 100 mm is long in truth. */
  | {from: 'target'; bar?: number}
  /** Nothing was said: a target that is there is used, then the file's density if it can be trusted. */
  | {from: 'auto'};

/** A scale, and what the search for it learned of the picture. */
export interface FoundScale {
  scale: Scale;
  /** Pixels to millimeters, where perspective is known; otherwise lengths are divided by `scale.pxPerMm`. */
  toMillimeters?: Homography;
  /** Grains lie only within these, which do not overlap: the inside of the sheet, or the fields of the target. */
  regions?: Outline[];
  /** What the reference covers; no grain is searched for there. */
  objects: PictureObject[];
  /** By what to multiply red, green and blue, so that grey is grey. */
  whiteBalance?: readonly [number, number, number];
  /** For people: what about the scale is doubtful, and what to do. */
  warnings?: string[];
}
