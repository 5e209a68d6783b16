/** Channels of the network's output, in their order. */
export const FIELD = {
  /** From the pixel to the centroid of its whole grain. */
  dx: 0,
  dy: 1,
  /**
   * The symmetric matrix that turns the unit circle into the ellipse with the whole grain's second moments: its eigenvalues are half of
   * the axes.
   */
  mxx: 2,
  mxy: 3,
  myy: 4,
  /** To the outline of what is seen of its own grain. */
  distance: 5,
  /** Logit of whether two grains meet here. */
  boundary: 6,
} as const;

export const FIELDS = Object.keys(FIELD).length;

/** Pixels a side for one of the output. */
export const STRIDE = 2;

/** Pixels that a 1 of offsets and axes stands for. */
export const OFFSET_UNIT = 20;

/** The same of the distance. */
export const DISTANCE_UNIT = 8;
