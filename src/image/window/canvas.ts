/** The model's window. */
export interface WindowSize {
  /** In pixels. */
  width: number;
  height: number;
  /**
   * How much larger than usual a grain is shown: times as many pixels along each side, for networks that were trained with larger
   * pictures. 1 if missing. Whole pictures fill the window anyway.
   */
  magnification?: number;
}

/** The largest magnification of a window. */
export const MAX_MAGNIFICATION = 16;

/** Canvas pixels per window pixel in each direction. */
export const PATCH_SCALE = 2;

/** The longer side of a frame at which one canvas pixel is one frame pixel. */
export const REFERENCE_SIDE = 250;
