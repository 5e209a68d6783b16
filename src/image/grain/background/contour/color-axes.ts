import type {Deviation} from '../deviation.ts';
import {quickselect} from '../quickselect.ts';

/**
 * Three directions of color at right angles: that of the ground, along which shadows and light change it, and two of hue.
 * Nine numbers, a direction each three.
 */
export type ColorAxes = Float64Array;

/** Least standard deviation of the texture, in levels: what rounding and compression leave. */
const LEAST_NOISE = 1;
/** Standard deviations of normally distributed values, in medians of their absolute values. */
const FROM_MEDIAN = 1.48;
/** Every which column and row is measured; more would not make it surer. */
const COLUMNS = 4;
const ROWS = 5;

/** The directions for a ground of this color, which must not be black. */
export function colorAxes(red: number, green: number, blue: number): ColorAxes {
  const length = Math.sqrt(red * red + green * green + blue * blue);
  const [r, g, b] = [red / length, green / length, blue / length];
  // One that is at right angles to it, made of the two channels with the most light of the three.
  const flat = Math.sqrt(r * r + g * g);
  const [u, v] = flat > 0 ? [g / flat, -r / flat] : [1, 0];
  return Float64Array.of(r, g, b, u, v, 0, -b * v, b * u, r * v - g * u);
}

/**
 * Standard deviations of the ground's texture along each axis, as the measure of a sharp step sees it: the difference of
 * two cells, less what one would expect from the cells beyond them.
 *
 * @param near cells from a place to the two that are compared
 * @param far the same for the two beyond
 */
export function noiseAlong({raw, width, height}: Deviation, axes: ColorAxes, near: number, far: number): Float64Array {
  const columns = Math.ceil((width - 2 * far) / COLUMNS);
  const rows = Math.ceil(height / ROWS);
  const steps = new Float64Array(Math.max(1, columns * rows));
  return Float64Array.from([0, 3, 6], (axis) => {
    let count = 0;
    const [r, g, b] = [axes[axis], axes[axis + 1], axes[axis + 2]];
    for (let y = 0; y < height; y += ROWS)
      for (let x = far; x < width - far; x += COLUMNS) {
        const i = (y * width + x) * 3;
        const step =
          r * sharpStep(raw, i, near * 3, far * 3) +
          g * sharpStep(raw, i + 1, near * 3, far * 3) +
          b * sharpStep(raw, i + 2, near * 3, far * 3);
        steps[count++] = Math.abs(step);
      }
    return Math.max(LEAST_NOISE, FROM_MEDIAN * quickselect(steps.slice(0, Math.max(1, count)), count >> 1));
  });
}

/** The step in values at a place, less that of an even slope. */
export function sharpStep(values: Float32Array, at: number, near: number, far: number): number {
  return 1.5 * (values[at - near] - values[at + near]) - 0.5 * (values[at - far] - values[at + far]);
}
