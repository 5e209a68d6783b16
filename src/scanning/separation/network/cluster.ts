import type {Frame} from '../../../image/frame.ts';

/** Grains that may touch or overlap, at the scale at which a typical one is about `WORKING_LENGTH` pixels long. */
export interface Cluster {
  width: number;
  height: number;
  /** 1 where a grain is, 0 elsewhere; row by row. */
  mask: Uint8Array;
  /** Of the same size. */
  colors: Frame;
}

/** Length in pixels of a typical grain in what the network is shown. */
export const WORKING_LENGTH = 40;
