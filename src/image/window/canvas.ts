/** Width and height of the model's window in pixels. */
export interface WindowSize {
  width: number;
  height: number;
}

/** Canvas pixels per window pixel in each direction. */
export const PATCH_SCALE = 2;

/** The longer side of a frame at which one canvas pixel is one frame pixel. */
export const REFERENCE_SIDE = 250;
