import type {Frame} from '../../frame.ts';
import {type Kernels, LAYOUT} from '../../kernels/kernels.ts';
import {SPREAD_IN_MEDIANS} from './estimate-background.ts';
import type {Quadratic} from './least-squares.ts';
import {inverseOf, type Symmetric, sumOf} from './metric.ts';
import {quickselect} from './quickselect.ts';

/** How the cells differ from the background. Values are RGB interleaved and valid until the next frame. */
export interface Deviation {
  width: number;
  height: number;
  /** The fitted color of the background. */
  surface: Float32Array;
  /** Cell minus background. */
  raw: Float32Array;
  /** `raw`, averaged over 3 x 3 cells. */
  smooth: Float32Array;
  /** Covariance of `smooth` over the background. */
  texture: Symmetric;
  /** Metric for `smooth`, in levels: directions in which the background itself varies count less (Mahalanobis). */
  metric: Symmetric;
  /** Length of `smooth` in that metric, 0 to 255. */
  distances: Uint8Array;
  /** 90th percentile of the distances along the border. */
  spread: number;
  /** The same, estimated from the median: objects over less than half of the border do not count. */
  quietSpread: number;
}

/** Standard deviations of the background far below this many levels hardly reduce a distance. */
const NOISE_FLOOR = 4;
const SPREAD_QUANTILE = 0.9;
/** The median is estimated from every nth cell. */
const MEDIAN_STEP = 7;

/**
 * Measures the deviation of a frame with one pixel per cell from the background's surface.
 *
 * @param surfaces red, green and blue
 */
export function deviationFrom(surfaces: Quadratic[], {width, height, data}: Frame, kernels: Kernels): Deviation {
  const {functions} = kernels;
  const count = width * height;
  if (data.buffer !== kernels.bytes.buffer || data.byteOffset !== LAYOUT.cellColors)
    kernels.bytes.set(data, LAYOUT.cellColors);
  const coefficients = kernels.doubles(LAYOUT.doubles, 3 * surfaces[0].length);
  surfaces.forEach((surface, c) => {
    coefficients.set(surface, c * surface.length);
  });
  functions.takeSurface(LAYOUT.cellColors, width, height, LAYOUT.doubles, LAYOUT.surface, LAYOUT.raw);
  functions.averageNeighbours(LAYOUT.raw, width, height, LAYOUT.neighbours, LAYOUT.smooth);
  const smooth = kernels.floats(LAYOUT.smooth, 3 * count);
  const texture = textureOf(smooth, kernels);
  const inverse = inverseOf(sumOf(texture, [0, 0, 0, 0, 0, 0], NOISE_FLOOR * NOISE_FLOOR));
  const metric = inverse.map((value) => value * NOISE_FLOOR * NOISE_FLOOR) as unknown as Symmetric;
  kernels.doubles(LAYOUT.doubles, metric.length).set(metric);
  functions.measureLengths(LAYOUT.smooth, count, LAYOUT.doubles, LAYOUT.cells);
  const distances = kernels.bytes.subarray(LAYOUT.cells, LAYOUT.cells + count);
  const border = borderOf(distances, width, height);
  const surface = kernels.floats(LAYOUT.surface, 3 * count);
  return {
    width,
    height,
    surface,
    raw: kernels.floats(LAYOUT.raw, 3 * count),
    smooth,
    texture,
    metric,
    distances,
    spread: quantile(border, SPREAD_QUANTILE),
    quietSpread: Math.round(SPREAD_IN_MEDIANS * quantile(border, 0.5)),
  };
}

/** The covariance of the cells that are near the background: within twice the median distance. */
function textureOf(smooth: Float32Array, kernels: Kernels): Symmetric {
  const count = smooth.length / 3;
  const squares = new Float64Array(Math.ceil(count / MEDIAN_STEP));
  for (let k = 0, i = 0; k < squares.length; k++, i += 3 * MEDIAN_STEP)
    squares[k] = smooth[i] * smooth[i] + smooth[i + 1] * smooth[i + 1] + smooth[i + 2] * smooth[i + 2];
  const limit = 4 * quickselect(squares, squares.length >> 1);
  const near = kernels.functions.sumProducts(LAYOUT.smooth, count, limit, LAYOUT.doubles);
  return [...kernels.doubles(LAYOUT.doubles, 6)].map((sum) => sum / near) as unknown as Symmetric;
}

function borderOf(distances: Uint8Array, width: number, height: number): Float64Array {
  const border: number[] = [];
  for (let x = 0; x < width; x++) border.push(distances[x], distances[(height - 1) * width + x]);
  for (let y = 0; y < height; y++) border.push(distances[y * width], distances[(y + 1) * width - 1]);
  return Float64Array.from(border);
}

function quantile(values: Float64Array, share: number): number {
  return quickselect(values, Math.floor(share * (values.length - 1)));
}
