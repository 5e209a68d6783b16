/** Points in the patch, in canvas pixels from the middle of the canvas. */
export interface Points {
  x: Float64Array;
  y: Float64Array;
}

/**
 * Maps a row of canvas points to their source points in the patch, written to `sources`; a call per point would dominate
 * the cost. All are in canvas pixels from the middle of the canvas.
 */
export type Mapping = (xs: Float64Array, y: number, sources: Points) => void;

/** The shape of an outlier. */
export interface Shape {
  /** Several mappings show overlapping grains; the brightest pixel is used. */
  mappings: Mapping[];
  /** Whether a canvas point belongs to the object; default: all do. */
  inside?: (x: number, y: number) => boolean;
}

/** Half the length and half the width of a grain, in canvas pixels. */
export interface Extent {
  x: number;
  y: number;
}

/** The shape of the grain itself. */
export const UNCHANGED: Shape = {
  mappings: [
    (xs, y, sources) => {
      sources.x.set(xs);
      sources.y.fill(y);
    },
  ],
};
