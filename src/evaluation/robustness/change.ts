import type {Frame} from '../../image/frame.ts';
import {REFERENCE_SIDE} from '../../image/window/canvas.ts';
import type {RandomStream} from './random-stream.ts';

/** A change to a picture, such as another camera, lamp or table would cause. */
export interface Change {
  /** Must stay the same: it is in JSON documents and seeds the random numbers. */
  name: string;
  /** For people. */
  title: string;
  /**
   * Makes a changed copy of a decoded picture, with the same size.
   *
   * @param random random numbers for this picture and change
   */
  apply(frame: Frame, random: RandomStream): Frame | Promise<Frame>;
}

/**
 * The size of a reference pixel in pixels of this frame. Lengths are given for pictures of the Rice Image Dataset, and scale
 * with the picture.
 */
export function pixelOf({width, height}: Frame): number {
  return Math.max(width, height) / REFERENCE_SIDE;
}
