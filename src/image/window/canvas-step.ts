import type {FoundGrain} from '../grain/find-grain.ts';
import type {WindowSize} from './canvas.ts';
import {extentOf} from './extent.ts';

/**
 * A grain shorter than this on the canvas is enlarged to it, because fewer pixels do not show its shape. The grains of the
 * Rice Image Dataset are at least 97 pixels long.
 */
const MIN_LENGTH = 96;
/**
 * Frame pixels per canvas pixel: the frame's own scale, unless the grain would be tiny and is enlarged, or would exceed the
 * canvas and is shrunk to fit.
 *
 * @param frameStep the frame's own scale
 */
export function canvasStep(
  grain: FoundGrain,
  {width, height, magnification = 1}: WindowSize,
  frameStep: number,
): number {
  const {left, top, right, bottom} = extentOf(grain);
  // Half the canvas is as wide and high as the window.
  const fitting = Math.max(-left / width, right / width, -top / height, bottom / height);
  return Math.max(fitting, Math.min(frameStep, grain.length / MIN_LENGTH) / magnification);
}
