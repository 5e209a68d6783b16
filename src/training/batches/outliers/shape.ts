/** Points of the patch, from the middle of the canvas, in its pixels. */
export interface Points {
  x: Float64Array;
  y: Float64Array;
}

/**
 * Where in a patch a row of points of the canvas take their colors from: written to `sources`, a row at a time, since a
 * call for each point would cost more than all else. All from the middle of the canvas, in its pixels.
 */
export type Mapping = (xs: Float64Array, y: number, sources: Points) => void;

/** What an outlier looks like in outline. */
export interface Shape {
  /** The brightest of what they find is shown: more than one for grains that lie on each other. */
  mappings: Mapping[];
  /** Whether a point of the canvas belongs to the thing at all; all do where it is missing. */
  inside?: (x: number, y: number) => boolean;
}

/** Half the length and half the width of a grain, in canvas pixels. */
export interface Extent {
  x: number;
  y: number;
}

/** The outline of the grain itself. */
export const UNCHANGED: Shape = {
  mappings: [
    (xs, y, sources) => {
      sources.x.set(xs);
      sources.y.fill(y);
    },
  ],
};
