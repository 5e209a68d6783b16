import type {Frame} from '../../image/frame.ts';

/** A rectangle of a picture around one grain, at a scale at which it is measured. */
export interface Part {
  picture: Frame;
  /** In pixels of the picture. */
  left: number;
  top: number;
  /** Pixels of the picture a side of one of the part. */
  step: number;
  width: number;
  height: number;
}

/** A grain's cells among those of others. */
export interface LabeledGrain {
  label: number;
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/** The cells of all grains. */
export interface LabelMap {
  width: number;
  height: number;
  labels: Int32Array;
  /** How likely each cell is a grain's, 0 to 1: then that decides, not the contrast. */
  likelihoods?: Float32Array;
}

/** What a pixel has that is surely not the grain's. */
export const NOT_OWN = -1;

/** Memory for the pixels of a part, used again for the next grain: there may be thousands. */
const scratch: Record<string, Float32Array> = {};

export function memory(name: string, length: number): Float32Array {
  if (!scratch[name] || scratch[name].length < length) scratch[name] = new Float32Array(length);
  return scratch[name].subarray(0, length);
}
