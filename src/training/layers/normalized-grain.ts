/**
 * Removes the effect of the capture from a prepared window before a network sees it, and measures what was removed, with
 * ordinary ONNX nodes. The window is the only input: black pixels are background. The nodes work on all numbers of a window
 * at once, since each node costs as much as a thousand pixels.
 */

import {CAPTURE} from '../../model/capture-numbers.ts';
import type {Graph} from '../../onnx/graph.ts';
import {ELEMENT_TYPE} from '../../onnx/tensor.ts';
import type {Value} from '../../onnx/types.ts';
import {concatenate} from '../operators/concatenate.ts';
import {columnsOf, reshape} from '../operators/operator.ts';

export interface NormalizedGrain {
  /** float32 [N, 3, H, W]: levels divided by the grain's mean in their channel, which removes light and color. */
  pixels: Value;
  /** float32 [N, CAPTURE.length]: what the capture does to a grain, each number scaled as `CAPTURE` says. */
  capture: Value;
  /** float32 [N, 5]: invariant to the capture: skewness along and across, kurtosis along and across, and fill. */
  outline: Value;
}

/** A level is background up to the first share of the grain's mean, and grain from the second on. */
const BACKGROUND_SHARE = 0.35;
const GRAIN_SHARE = 0.65;
/** A level is white from here on, and halfway at the first. */
const WHITE = {from: 245, to: 255};
/** Least variance in pixels squared, so that logarithms exist for a single pixel too. */
const MIN_VARIANCE = 0.25;
/** Least softness in pixels, and least square of the contrast, for the same reason. */
const MIN_SOFTNESS = 0.5;
const MIN_CONTRAST = 1e-4;

/**
 * Divides each channel by the grain's mean in it, as if the grain were gray and the light white (von Kries 1902; "gray
 * world", Buchsbaum 1980); outline and shading are left.
 *
 * @param image prepared windows, uint8 [N, H, W, 3]
 */
export function normalizeGrain(graph: Graph, image: Value): NormalizedGrain {
  const [, height, width] = image.shape as number[];
  const size = {height, width};
  const pixels = height * width;
  const levels = graph.node('Cast', [graph.node('Transpose', [image], {perm: [0, 3, 1, 2]})], {
    to: ELEMENT_TYPE.float32,
  });
  const brightest = reshape(graph, graph.node('ReduceMax', [levels], {axes: [1], keepdims: 0}), 0, pixels);
  const cover = coverOf(graph, brightest);
  const moments = momentsOf(graph, cover, size);
  const sums = graph.node('MatMul', [reshape(graph, levels, 0, 3, pixels), reshape(graph, cover, 0, pixels, 1)]);
  const means = atLeast(graph, graph.node('Div', [sums, reshape(graph, moments.area, 0, 1, 1)]), 1);
  const light = lightOf(graph, {cover, brightest, moments, size});
  return {
    pixels: graph.node('Mul', [levels, reshape(graph, graph.node('Reciprocal', [means]), 0, 3, 1, 1)]),
    capture: captureOf(graph, moments, reshape(graph, means, 0, 3), light),
    outline: outlineOf(graph, moments),
  };
}

/** How much of each pixel is grain, 0 to 1: float32 [N, H W]. Halfway up the soft edge it is 0.5 for any softness. */
function coverOf(graph: Graph, brightest: Value): Value {
  const sum = graph.node('ReduceSum', [brightest, graph.integers(1)], {keepdims: 1});
  const squares = sumOfProducts(graph, brightest, brightest);
  // The self-weighted mean is that of the grain, since black has no weight.
  const mean = atLeast(graph, graph.node('Div', [squares, atLeast(graph, sum, 1)]), 1);
  // (level / mean - BACKGROUND_SHARE) / (GRAIN_SHARE - BACKGROUND_SHARE), with one division per image.
  const slope = graph.node('Div', [graph.scalar(1 / (GRAIN_SHARE - BACKGROUND_SHARE)), mean]);
  const start = graph.scalar(BACKGROUND_SHARE / (GRAIN_SHARE - BACKGROUND_SHARE));
  const ramp = graph.node('Sub', [graph.node('Mul', [brightest, slope]), start]);
  return graph.node('Clip', [ramp, graph.scalar(0), graph.scalar(1)]);
}

interface Size {
  height: number;
  width: number;
}

/** Area in pixels, float32 [N, 1], and moments of the cover along (x) and across (y), each float32 [N, 2]. */
interface Moments {
  area: Value;
  /** The area before it became at least 1. */
  covered: Value;
  mean: Value;
  second: Value;
  third: Value;
  fourth: Value;
}

/** Central moments from E x, E x^2, E x^3 and E x^4 along both axes. */
function momentsOf(graph: Graph, cover: Value, size: Size): Moments {
  const sums = weightedPowers(graph, cover, size, 4);
  const covered = columnsOf(graph, sums, 0, 1);
  const area = atLeast(graph, covered, 1);
  const means = graph.node('Div', [sums, area]);
  const power = (exponent: number): Value => columnsOf(graph, means, 2 * exponent - 1, 2 * exponent + 1);
  const [mean, square, cube, fourth] = [power(1), power(2), power(3), power(4)];
  const times = (a: Value, b: Value): Value => graph.node('Mul', [a, b]);
  const scaled = (factor: number, value: Value): Value => times(graph.scalar(factor), value);
  const plus = (a: Value, b: Value): Value => graph.node('Add', [a, b]);
  const minus = (a: Value, b: Value): Value => graph.node('Sub', [a, b]);
  const meanSquare = times(mean, mean);
  // E (x - m)^3 = E x^3 - m (3 E x^2 - 2 m^2), and E (x - m)^4 = E x^4 - m (4 E x^3 - m (6 E x^2 - 3 m^2)).
  const inThird = minus(scaled(3, square), scaled(2, meanSquare));
  const inFourth = minus(scaled(6, square), scaled(3, meanSquare));
  return {
    area,
    covered,
    mean,
    second: atLeast(graph, minus(square, meanSquare), MIN_VARIANCE),
    third: minus(cube, times(mean, inThird)),
    fourth: plus(minus(fourth, scaled(4, times(mean, cube))), times(meanSquare, inFourth)),
  };
}

/**
 * Sums of weights, float32 [N, H W], times 1, x, y, x^2, y^2 and so on up to a power, relative to the middle of the window:
 * [N, 1 + 2 powers]. The sums over rows and over columns are enough for that.
 */
function weightedPowers(graph: Graph, weights: Value, {height, width}: Size, powers: number): Value {
  const picture = reshape(graph, weights, 0, height, width);
  const along = graph.node('ReduceSum', [picture, graph.integers(1)], {keepdims: 0});
  const across = graph.node('ReduceSum', [picture, graph.integers(2)], {keepdims: 0});
  const columns = 1 + 2 * powers;
  const x = graph.constant(powersOfPosition(width, powers, 0), [width, columns]);
  const y = graph.constant(powersOfPosition(height, powers, 1), [height, columns]);
  return graph.node('Add', [graph.node('MatMul', [along, x]), graph.node('MatMul', [across, y])]);
}

/** The columns of one axis for each position on it; 1 is that of the x axis. */
function powersOfPosition(positions: number, powers: number, axis: 0 | 1): Float32Array {
  const columns = 1 + 2 * powers;
  const values = new Float32Array(positions * columns);
  for (let position = 0; position < positions; position++) {
    const row = values.subarray(position * columns);
    if (axis === 0) row[0] = 1;
    for (let power = 1; power <= powers; power++) row[2 * power - 1 + axis] = (position - (positions - 1) / 2) ** power;
  }
  return values;
}

/** What the light does to a grain. */
interface Light {
  /** The number of pixels in the soft edge and the square of the contrast: float32 [N, 1] each. */
  softness: Value;
  contrast: Value;
  /** As in `CAPTURE`: float32 [N, 1] and [N, 2]. */
  saturation: Value;
  slopes: Value;
}

function lightOf(
  graph: Graph,
  {cover, brightest, moments, size}: {cover: Value; brightest: Value; moments: Moments; size: Size},
): Light {
  const {area, mean, second} = moments;
  const covered = graph.node('Mul', [cover, brightest]);
  const lit = weightedPowers(graph, covered, size, 1);
  const total = atLeast(graph, columnsOf(graph, lit, 0, 1), 1);
  const center = graph.node('Div', [columnsOf(graph, lit, 1, 3), total]);
  const offset = graph.node('Abs', [graph.node('Sub', [center, mean])]);
  const squares = sumOfProducts(graph, covered, brightest);
  // E level^2 / (E level)^2 - 1
  const ratio = graph.node('Div', [graph.node('Mul', [squares, area]), graph.node('Mul', [total, total])]);
  // No level is above 255.
  const white = graph.node('Relu', [graph.node('Sub', [brightest, graph.scalar(WHITE.from)])]);
  const whiteness = graph.node('ReduceSum', [white, graph.integers(1)], {keepdims: 1});
  const edge = graph.node('Sub', [moments.covered, sumOfProducts(graph, cover, cover)]);
  return {
    softness: atLeast(graph, edge, MIN_SOFTNESS),
    contrast: atLeast(graph, graph.node('Sub', [ratio, graph.scalar(1)]), MIN_CONTRAST),
    // What is white is covered, but for pixels that lie outside of any grain.
    saturation: graph.node('Div', [graph.node('Mul', [whiteness, graph.scalar(1 / (WHITE.to - WHITE.from))]), area]),
    slopes: graph.node('Div', [offset, graph.node('Sqrt', [second])]),
  };
}

/** Each number of `CAPTURE` is a sum of logarithms, or a measure as it is. */
function captureOf(graph: Graph, {area, second}: Moments, means: Value, light: Light): Value {
  const logarithms = graph.node('Log', [concatenate(graph, [area, second, means, light.softness, light.contrast], 1)]);
  const measured = concatenate(graph, [logarithms, light.saturation, light.slopes], 1);
  // Columns: area, variance along and across, red, green, blue, softness, contrast, saturation, two slopes.
  const rows: number[][] = [
    [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
    [0, 0.5, -0.5, 0, 0, 0, 0, 0, 0, 0, 0],
    [0, 0, 0, 1, -1, 0, 0, 0, 0, 0, 0],
    [0, 0, 0, 0, -1, 1, 0, 0, 0, 0, 0],
    [0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0],
    // The length of the outline is nearly that of the grain, which is a multiple of the deviation along.
    [0, -0.5, 0, 0, 0, 0, 1, 0, 0, 0, 0],
    [0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0],
    [0, 0, 0, 0, 0, 0, 0, 0.5, 0, 0, 0],
    [0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0],
    [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1],
  ];
  const columns = rows[0].length;
  const weights = new Float32Array(columns * rows.length);
  rows.forEach((row, i) => {
    row.forEach((weight, column) => {
      weights[column * rows.length + i] = weight * CAPTURE[i].scale;
    });
  });
  const scaled = graph.node('MatMul', [measured, graph.constant(weights, [columns, rows.length])]);
  return graph.node('Sub', [scaled, graph.constant(Float32Array.from(CAPTURE, ({center, scale}) => center * scale))]);
}

/** Absolute skewness, since a grain's orientation is arbitrary; kurtosis; and area relative to the ellipse's. */
function outlineOf(graph: Graph, {area, second, third, fourth}: Moments): Value {
  const deviation = graph.node('Sqrt', [second]);
  const cube = graph.node('Mul', [second, deviation]);
  const skewness = graph.node('Abs', [graph.node('Div', [third, cube])]);
  const kurtosis = graph.node('Div', [fourth, graph.node('Mul', [second, second])]);
  const [along, across] = [columnsOf(graph, deviation, 0, 1), columnsOf(graph, deviation, 1, 2)];
  const ellipse = graph.node('Mul', [graph.scalar(4 * Math.PI), graph.node('Mul', [along, across])]);
  return concatenate(graph, [skewness, kurtosis, graph.node('Div', [area, ellipse])], 1);
}

/**
 * Sums over each row of the products of two matrices [N, K]: [N, 1]. A product of matrices takes a fifth of the time of
 * ReduceSumSquare.
 */
function sumOfProducts(graph: Graph, a: Value, b: Value): Value {
  const length = a.shape[1] as number;
  const row = reshape(graph, a, 0, 1, length);
  const other = a === b ? row : reshape(graph, b, 0, 1, length);
  const product = graph.node('MatMul', [row, graph.node('Transpose', [other], {perm: [0, 2, 1]})]);
  return reshape(graph, product, 0, 1);
}

function atLeast(graph: Graph, value: Value, least: number): Value {
  return graph.node('Max', [value, graph.scalar(least)]);
}
