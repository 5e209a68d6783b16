/** Width and height of the model's window in pixels. */
export interface WindowSize {
  width: number;
  height: number;
}

/** The canvas that a grain is laid on has this many pixels for one of the model's window, in each direction. */
export const PATCH_SCALE = 2;

/** The frame side (longer side) at which one pixel of the canvas is one pixel of the frame. */
export const REFERENCE_SIDE = 250;
