/** Two numbers [x, y], written in place: a window is painted from thousands of points. */
export type Point = Float64Array;

/** Where in a patch a point of the canvas takes its colour from; both from the middle of the canvas, in its pixels. */
export type Mapping = (x: number, y: number, source: Point) => void;

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
    (x, y, source) => {
      source[0] = x;
      source[1] = y;
    },
  ],
};
