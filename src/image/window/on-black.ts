import type {Frame} from '../frame.ts';
import type {GrainMask} from '../grain/mask.ts';
import {type Kernels, LAYOUT} from '../kernels/kernels.ts';

/**
 * Copies the frame and removes the background from the grain's soft edge. A pixel there is `alpha * grain +
 * (1 - alpha) * background` (Porter and Duff 1984); on black, only the first term would remain. Both colors are local
 * means, which also removes uneven light, texture and the shadow at the grain's edge.
 *
 * @param frame already in the kernels' memory
 * @returns address of the copy in the kernels' memory
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
