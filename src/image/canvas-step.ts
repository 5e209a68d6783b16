import type {WindowSize} from './canvas.ts';
import {extentOf} from './extent.ts';
import type {FoundGrain} from './grain.ts';

/** A grain shorter than this on the canvas is enlarged to it, since fewer pixels show no shape. */
const LEAST_LENGTH = 80;
/** Grains that reach up to so much beyond the canvas are cut there: the Rice Image Dataset has some that reach 0.14. */
const TOLERATED_REACH = 1.2;

/**
 * How many pixels of the frame a pixel of the canvas is: as many as the frame's own scale says, unless the grain would be
 * tiny, or would reach far beyond the canvas and is therefore shrunk to fit.
 *
 * @param own the frame's own scale
 */
export function canvasStep(grain: FoundGrain, {width, height}: WindowSize, own: number): number {
  const {left, top, right, bottom} = extentOf(grain);
  // The canvas reaches as far from its middle as the window is wide and high.
  const fitting = Math.max(-left / width, right / width, -top / height, bottom / height);
  if (fitting > TOLERATED_REACH * own) return fitting;
  return Math.min(own, Math.max(grain.length / LEAST_LENGTH, fitting));
}
