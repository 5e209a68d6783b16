import type {Frame} from '../../image/frame.ts';
import {REFERENCE_SIDE} from '../../image/window/canvas.ts';
import type {RandomStream} from './random-stream.ts';

/** One way in which another camera, lamp or table would show the same scene. */
export interface Change {
  /** Stable: it stands in JSON documents and names the random numbers. */
  name: string;
  /** For people. */
  title: string;
  /**
   * Makes a changed copy of a decoded picture; the size stays.
   *
   * @param random numbers of this picture and change alone
   */
  apply(frame: Frame, random: RandomStream): Frame | Promise<Frame>;
}

/**
 * How many pixels of this frame a pixel of the reference is: lengths are given for pictures as those of the Rice Image
 * Dataset, and grow with the picture.
 */
export function pixelOf({width, height}: Frame): number {
  return Math.max(width, height) / REFERENCE_SIDE;
}
