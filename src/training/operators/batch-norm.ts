import type {Graph} from '../../onnx/graph.ts';
import type {Value} from '../../onnx/types.ts';
import {channelsFirst, channelsLast, isChannelsLast} from './channels-last.ts';
import {type Operator, sizes} from './operator.ts';

export const BATCH_NORM_EPSILON = 1e-5;

export interface BatchNormAttributes {
  /** Added to the variance. */
  epsilon: number;
}

/**
 * Batch normalization of x [N, C, H, W] over N, H and W with scale and bias [C] (Ioffe & Szegedy 2015,
 * arXiv:1502.03167). Saves the batch's mean and (biased) variance [C] for the running statistics, and what the gradient needs.
 *
 * With r = 1 / sqrt(var + eps), g = dy, and means over N, H, W, the gradient of x is affine in g and x for each channel:
 *   dx = scale r (g - mean(g) - (x - mean) r^2 mean(g (x - mean)))
 * BatchNormalization with training_mode would be one node, but does not run on WebGPU.
 */
export const batchNorm: Operator<BatchNormAttributes> = {
  forward(graph, [x, scale, bias], {epsilon}) {
    const pictures = picturesOf(graph, x);
    const {value} = pictures;
    const mean = pictures.mean(value);
    const square = pictures.mean(graph.node('Mul', [value, value]));
    // Never below 0, to which rounding could take it.
    const variance = graph.node('Relu', [graph.node('Sub', [square, graph.node('Mul', [mean, mean])])]);
    const inverse = graph.node('Reciprocal', [
      graph.node('Sqrt', [graph.node('Add', [variance, graph.scalar(epsilon)])]),
    ]);
    const gain = graph.node('Mul', [scale, inverse]);
    const shift = graph.node('Sub', [bias, graph.node('Mul', [mean, gain])]);
    return {
      output: pictures.result(pictures.affine(value, gain, shift)),
      saved: [mean, variance, inverse, gain, value],
    };
  },
  gradient(graph, {inputs: [x], saved: [mean, , inverse, gain, value]}, gradOutput) {
    const [batch, , height, width] = sizes(x);
    const pictures = picturesOf(graph, gradOutput, isChannelsLast(graph, x));
    const count = graph.scalar(batch * height * width);
    const meanGradient = pictures.mean(pictures.value);
    const meanProduct = pictures.mean(graph.node('Mul', [pictures.value, value]));
    const covariance = graph.node('Sub', [meanProduct, graph.node('Mul', [meanGradient, mean])]);
    const gradScale = graph.node('Mul', [graph.node('Mul', [covariance, inverse]), count]);
    const gradBias = graph.node('Mul', [meanGradient, count]);
    const slope = graph.node('Mul', [graph.node('Mul', [gain, covariance]), graph.node('Mul', [inverse, inverse])]);
    const shift = graph.node('Sub', [graph.node('Mul', [slope, mean]), graph.node('Mul', [gain, meanGradient])]);
    // gain g, and -slope x + shift.
    const through = pictures.affine(pictures.value, gain);
    const along = pictures.affine(value, graph.node('Neg', [slope]), shift);
    return [pictures.result(graph.node('Add', [through, along])), gradScale, gradBias];
  },
};

/**
 * The inference form of batch normalization, with learnable scale and bias: x [N, C, H, W] is normalized by mean and variance [C]
 * that were measured before. With r = 1 / sqrt(var + eps):
 *   dx = scale r dy,  dscale = sum of dy (x - mean) r,  dbias = sum of dy
 */
export const frozenBatchNorm: Operator<BatchNormAttributes> = {
  forward: (graph, [x, scale, bias, mean, variance], {epsilon}) => ({
    output: normalize(graph, x, {scale, bias, mean, variance, epsilon}),
  }),
  gradient(graph, {inputs: [x, scale, , mean, variance], attributes: {epsilon}}, gradOutput, wanted) {
    const {value, affine, mean: meanOf, result} = picturesOf(graph, gradOutput);
    const [batch, , height, width] = sizes(x);
    const count = graph.scalar(batch * height * width);
    const deviation = graph.node('Sqrt', [graph.node('Add', [variance, graph.scalar(epsilon)])]);
    const inverse = graph.node('Reciprocal', [deviation]);
    const total = (values: Value): Value => graph.node('Mul', [meanOf(values), count]);
    const gradBias = wanted[1] || wanted[2] ? total(value) : undefined;
    const gradScale = (sum: Value): Value => {
      const input = isChannelsLast(graph, gradOutput) ? channelsLast(graph, x) : x;
      const products = total(graph.node('Mul', [value, input]));
      return graph.node('Mul', [graph.node('Sub', [products, graph.node('Mul', [sum, mean])]), inverse]);
    };
    return [
      wanted[0] ? result(affine(value, graph.node('Mul', [scale, inverse]))) : undefined,
      wanted[1] ? gradScale(gradBias!) : undefined,
      wanted[2] ? gradBias : undefined,
    ];
  },
};

export interface Normalization extends BatchNormAttributes {
  /** [C] each. */
  scale: Value;
  bias: Value;
  mean: Value;
  variance: Value;
}

/** scale (x - mean) / sqrt(variance + eps) + bias for each channel: the inference form of batch normalization. */
export function normalize(graph: Graph, x: Value, {scale, bias, mean, variance, epsilon}: Normalization): Value {
  return graph.node('BatchNormalization', [x, scale, bias, mean, variance], {epsilon: {float: epsilon}});
}

/** Up to this many pixels in a batch, repeating what a channel is multiplied by takes longer than it saves. */
const FEW_PIXELS = 1024;

/** Pictures in the form in which they are at hand, and what is done to their channels. */
interface Pictures {
  value: Value;
  /** Means over N, H and W: [C], in two steps that both have a fast path on the CPU. */
  mean(value: Value): Value;
  /** gain x + shift, with [C] each. */
  affine(value: Value, gain: Value, shift?: Value): Value;
  /** Pictures with their channels first. */
  result(value: Value): Value;
}

function picturesOf(graph: Graph, x: Value, last = isChannelsLast(graph, x)): Pictures {
  return last ? channelsLastPictures(graph, x) : channelsFirstPictures(graph, x);
}

function channelsFirstPictures(graph: Graph, x: Value): Pictures {
  const channels = sizes(x)[1];
  const zero = graph.constant(new Float32Array(channels));
  const one = graph.constant(new Float32Array(channels).fill(1 - BATCH_NORM_EPSILON));
  return {
    value: x,
    mean: (value) => mean(graph, value, [2, 3]),
    // One pass of the inference form, in which variance + epsilon is 1.
    affine: (value, gain, shift = zero) =>
      normalize(graph, value, {scale: gain, bias: shift, mean: zero, variance: one, epsilon: BATCH_NORM_EPSILON}),
    result: (value) => value,
  };
}

function channelsLastPictures(graph: Graph, x: Value): Pictures {
  const [batch, channels, height, width] = sizes(x);
  // A number for each channel is repeated along a row of pixels, because long rows are multiplied several times faster.
  const row = (perChannel: Value): Value =>
    batch * height * width > FEW_PIXELS
      ? graph.node('Expand', [perChannel, graph.integers(width, channels)])
      : perChannel;
  return {
    value: channelsLast(graph, x),
    mean: (value) => mean(graph, value, [1, 2]),
    affine(value, gain, shift) {
      const scaled = graph.node('Mul', [value, row(gain)]);
      return shift ? graph.node('Add', [scaled, row(shift)]) : scaled;
    },
    result: (value) => channelsFirst(graph, value),
  };
}

function mean(graph: Graph, value: Value, axes: number[]): Value {
  const perImage = graph.node('ReduceMean', [value], {axes, keepdims: 0});
  return graph.node('ReduceMean', [perImage], {axes: [0], keepdims: 0});
}
