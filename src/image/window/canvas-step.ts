import type {FoundGrain} from '../grain/find-grain.ts';
import type {WindowSize} from './canvas.ts';
import {extentOf} from './extent.ts';

/**
 * A grain shorter than this on the canvas is enlarged to it: fewer pixels show no shape. The grains of the Rice Image Dataset
 * are 97 pixels long or more.
 */
const LEAST_LENGTH = 96;
/**
 * How many pixels of the frame a pixel of the canvas is: as many as the frame's own scale says, unless the grain would be
 * tiny and is enlarged, or would reach beyond the canvas and is shrunk to fit.
 *
 * @param own the frame's own scale
 */
export function canvasStep(grain: FoundGrain, {width, height}: WindowSize, own: number): number {
  const {left, top, right, bottom} = extentOf(grain);
  // The canvas reaches as far from its middle as the window is wide and high.
  const fitting = Math.max(-left / width, right / width, -top / height, bottom / height);
  return Math.max(fitting, Math.min(own, grain.length / LEAST_LENGTH));
}
