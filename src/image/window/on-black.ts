import type {Frame} from '../frame.ts';
import type {GrainMask} from '../grain/mask.ts';
import {type Kernels, LAYOUT} from '../kernels/kernels.ts';

/**
 * Copies the frame and takes the background out of the grain's soft edge. A pixel there is `alpha * grain +
 * (1 - alpha) * background` (Porter and Duff 1984); what the grain would leave on black is the first term. Both colors
 * are those around the place, so that light from one side, texture and a shadow at the grain's foot all go.
 *
 * @param frame where the kernels have it
 * @returns where the kernels have the copy
 */
export function placeOnBlack({width, height}: Frame, mask: GrainMask, kernels: Kernels): number {
  kernels.bytes.copyWithin(LAYOUT.onBlack, LAYOUT.frame, LAYOUT.frame + width * height * 3);
  kernels.functions.placeOnBlack(
    LAYOUT.onBlack,
    width,
    height,
    LAYOUT.kinds,
    mask.step,
    mask.x,
    mask.y,
    mask.width,
    mask.height,
    LAYOUT.cellSums,
  );
  return LAYOUT.onBlack;
}
