/**
 * Removes the effect of the capture from a prepared window before a network sees it, and measures what was removed, with
 * ordinary ONNX nodes. The window is the only input: black pixels are background.
 */
import type {Graph} from '../../onnx/graph.ts';
import {ELEMENT_TYPE} from '../../onnx/tensor.ts';
import type {Value} from '../../onnx/types.ts';
import {concatenate} from '../operators/concatenate.ts';
import {reshape} from '../operators/operator.ts';

export interface NormalizedGrain {
  /** float32 [N, 3, H, W]: levels divided by the grain's mean in their channel, which removes light and color. */
  pixels: Value;
  /**
   * float32 [N, 5]: logarithms of the grain's area, aspect ratio, mean red and mean blue over mean green, and mean green,
   * each scaled so that the grains of one variety differ by a fraction of 1.
   */
  capture: Value;
  /** float32 [N, 5]: invariant to the capture: skewness along and across, kurtosis along and across, and fill. */
  outline: Value;
}

/** A level is background up to the first share of the grain's mean, and grain from the second on. */
const BACKGROUND_SHARE = 0.35;
const GRAIN_SHARE = 0.65;

/**
 * Center and scale of each number of `capture`, from the Rice Image Dataset: constants, like ImageNet's mean and std. The
 * hue of one variety's grains varies by 1 %, brightness by 4 %, area by 10 %; each scale makes that a fraction of 1.
 */
const LOG_AREA = {center: 7.5, scale: 8};
const LOG_ASPECT = {center: 0.9, scale: 10};
const LOG_HUE = {center: 0, scale: 30};
const LOG_LEVEL = {center: 5.35, scale: 15};

/**
 * Divides each channel by the grain's mean in it, as if the grain were gray and the light white (von Kries 1902; "gray
 * world", Buchsbaum 1980); outline and shading are left.
 *
 * @param image prepared windows, uint8 [N, H, W, 3]
 */
export function normalizeGrain(graph: Graph, image: Value): NormalizedGrain {
  const [, height, width] = image.shape as number[];
  const pixels = height * width;
  const levels = graph.node('Cast', [graph.node('Transpose', [image], {perm: [0, 3, 1, 2]})], {
    to: ELEMENT_TYPE.float32,
  });
  const cover = coverOf(graph, levels, pixels);
  const moments = momentsOf(graph, cover, width, height);
  const sums = graph.node('MatMul', [reshape(graph, levels, 0, 3, pixels), reshape(graph, cover, 0, pixels, 1)]);
  const means = atLeast(graph, graph.node('Div', [sums, reshape(graph, moments.area, 0, 1, 1)]), 1);
  return {
    pixels: graph.node('Div', [levels, reshape(graph, means, 0, 3, 1, 1)]),
    capture: captureOf(graph, moments, reshape(graph, means, 0, 3)),
    outline: outlineOf(graph, moments),
  };
}

/** How much of each pixel is grain, 0 to 1: float32 [N, H W]. Halfway up the soft edge it is 0.5 for any softness. */
function coverOf(graph: Graph, levels: Value, pixels: number): Value {
  const brightest = reshape(graph, graph.node('ReduceMax', [levels], {axes: [1], keepdims: 0}), 0, pixels);
  const sum = graph.node('ReduceSum', [brightest, graph.integers(1)], {keepdims: 1});
  const squares = graph.node('ReduceSumSquare', [brightest], {axes: [1], keepdims: 1});
  // The self-weighted mean is that of the grain, since black has no weight.
  const mean = atLeast(graph, graph.node('Div', [squares, atLeast(graph, sum, 1)]), 1);
  // (level / mean - BACKGROUND_SHARE) / (GRAIN_SHARE - BACKGROUND_SHARE), with one division per image.
  const slope = graph.node('Div', [graph.scalar(1 / (GRAIN_SHARE - BACKGROUND_SHARE)), mean]);
  const start = graph.scalar(BACKGROUND_SHARE / (GRAIN_SHARE - BACKGROUND_SHARE));
  const ramp = graph.node('Sub', [graph.node('Mul', [brightest, slope]), start]);
  return graph.node('Clip', [ramp, graph.scalar(0), graph.scalar(1)]);
}

/** Area in pixels and central moments of the cover along (x) and across (y), each float32 [N, 1]. */
interface Moments {
  area: Value;
  x: CentralMoments;
  y: CentralMoments;
}

interface CentralMoments {
  second: Value;
  third: Value;
  fourth: Value;
}

/** Least variance, in pixels squared, so that logarithms exist for a single pixel too. */
const MIN_VARIANCE = 0.25;

function momentsOf(graph: Graph, cover: Value, width: number, height: number): Moments {
  const picture = reshape(graph, cover, 0, height, width);
  const columns = graph.node('ReduceSum', [picture, graph.integers(1)], {keepdims: 0});
  const rows = graph.node('ReduceSum', [picture, graph.integers(2)], {keepdims: 0});
  const area = atLeast(graph, graph.node('ReduceSum', [rows, graph.integers(1)], {keepdims: 1}), 1);
  return {area, x: momentsAlong(graph, columns, area), y: momentsAlong(graph, rows, area)};
}

/** Central moments of the projection onto one axis, [N, positions]. */
function momentsAlong(graph: Graph, sums: Value, area: Value): CentralMoments {
  const positions = sums.shape[1] as number;
  const powers = graph.constant(powersOfPosition(positions), [positions, 4]);
  const means = graph.node('Div', [graph.node('MatMul', [sums, powers]), area]);
  const power = (exponent: number): Value =>
    graph.node('Slice', [means, graph.integers(exponent - 1), graph.integers(exponent), graph.integers(1)]);
  return centralMoments(graph, power(1), power(2), power(3), power(4));
}

/** For each position on an axis: x, x^2, x^3 and x^4, relative to its middle. */
function powersOfPosition(positions: number): Float32Array {
  const powers = Array.from({length: positions}, (_, position) => {
    const x = position - (positions - 1) / 2;
    return [x, x ** 2, x ** 3, x ** 4];
  });
  return Float32Array.from(powers.flat());
}

/** Central moments from E x, E x^2, E x^3 and E x^4. */
function centralMoments(graph: Graph, mean: Value, square: Value, cube: Value, power: Value): CentralMoments {
  const times = (a: Value, b: Value): Value => graph.node('Mul', [a, b]);
  const scaled = (factor: number, value: Value): Value => times(graph.scalar(factor), value);
  const plus = (a: Value, b: Value): Value => graph.node('Add', [a, b]);
  const meanSquare = times(mean, mean);
  const second = atLeast(graph, graph.node('Sub', [square, meanSquare]), MIN_VARIANCE);
  const third = plus(plus(cube, scaled(-3, times(mean, square))), scaled(2, times(meanSquare, mean)));
  const fourth = plus(
    plus(power, scaled(-4, times(mean, cube))),
    plus(scaled(6, times(meanSquare, square)), scaled(-3, times(meanSquare, meanSquare))),
  );
  return {second, third, fourth};
}

function captureOf(graph: Graph, {area, x, y}: Moments, means: Value): Value {
  const mean = (channel: number): Value =>
    graph.node('Slice', [means, graph.integers(channel), graph.integers(channel + 1), graph.integers(1)]);
  const ratio = (a: Value, b: Value): Value => graph.node('Div', [a, b]);
  return concatenate(
    graph,
    [
      logarithm(graph, area, LOG_AREA),
      logarithm(graph, graph.node('Sqrt', [ratio(x.second, y.second)]), LOG_ASPECT),
      logarithm(graph, ratio(mean(0), mean(1)), LOG_HUE),
      logarithm(graph, ratio(mean(2), mean(1)), LOG_HUE),
      logarithm(graph, mean(1), LOG_LEVEL),
    ],
    1,
  );
}

/** Absolute skewness, since a grain's orientation is arbitrary; kurtosis; and area relative to the ellipse's. */
function outlineOf(graph: Graph, {area, x, y}: Moments): Value {
  const skewness = ({second, third}: CentralMoments): Value => {
    const cube = graph.node('Mul', [second, graph.node('Sqrt', [second])]);
    return graph.node('Abs', [graph.node('Div', [third, cube])]);
  };
  const kurtosis = ({second, fourth}: CentralMoments): Value =>
    graph.node('Div', [fourth, graph.node('Mul', [second, second])]);
  const ellipse = graph.node('Mul', [
    graph.scalar(4 * Math.PI),
    graph.node('Sqrt', [graph.node('Mul', [x.second, y.second])]),
  ]);
  return concatenate(
    graph,
    [skewness(x), skewness(y), kurtosis(x), kurtosis(y), graph.node('Div', [area, ellipse])],
    1,
  );
}

function logarithm(graph: Graph, value: Value, {center, scale}: {center: number; scale: number}): Value {
  return graph.node('Mul', [
    graph.node('Sub', [graph.node('Log', [value]), graph.scalar(center)]),
    graph.scalar(scale),
  ]);
}

function atLeast(graph: Graph, value: Value, least: number): Value {
  return graph.node('Max', [value, graph.scalar(least)]);
}
