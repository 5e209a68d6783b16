import type {Graph} from '../../onnx/graph.ts';
import type {Value} from '../../onnx/types.ts';
import {type Operator, reshape, sizes} from './operator.ts';

export const BATCH_NORM_EPSILON = 1e-5;

/**
 * Batch normalization of x [N, C, H, W] over N, H and W with scale and bias [C] (Ioffe & Szegedy 2015,
 * arXiv:1502.03167). Saves the batch's mean and (biased) variance [C] for the running statistics.
 *
 * With r = 1 / sqrt(var + eps), g = dy, and means over N, H, W, the gradient of x is affine in g and x for each channel:
 *   dx = scale r (g - mean(g) - (x - mean) r^2 mean(g (x - mean)))
 * so it takes two passes of the inference form and one addition. BatchNormalization with training_mode would be one node,
 * but does not run on WebGPU.
 */
export const batchNorm: Operator<void> = {
  forward(graph, [x, scale, bias]) {
    const mean = channelMean(graph, x);
    const centered = graph.node('Sub', [x, reshape(graph, mean, sizes(mean)[0], 1, 1)]);
    const variance = channelMean(graph, graph.node('Mul', [centered, centered]));
    return {output: normalize(graph, x, scale, bias, mean, variance), saved: [mean, variance]};
  },
  gradient(graph, {inputs: [x, scale], saved: [mean, variance]}, gradOutput) {
    const [batch, channels, height, width] = sizes(x);
    const count = graph.scalar(batch * height * width);
    const inverse = graph.node('Reciprocal', [
      graph.node('Sqrt', [graph.node('Add', [variance, graph.scalar(BATCH_NORM_EPSILON)])]),
    ]);
    const meanGradient = channelMean(graph, gradOutput);
    const meanProduct = channelMean(graph, graph.node('Mul', [gradOutput, x]));
    const covariance = graph.node('Sub', [meanProduct, graph.node('Mul', [meanGradient, mean])]);

    const gradScale = graph.node('Mul', [graph.node('Mul', [covariance, inverse]), count]);
    const gradBias = graph.node('Mul', [meanGradient, count]);

    const gain = graph.node('Mul', [scale, inverse]);
    const slope = graph.node('Mul', [graph.node('Mul', [gain, covariance]), graph.node('Mul', [inverse, inverse])]);
    const zero = graph.constant(new Float32Array(channels));
    const one = graph.constant(new Float32Array(channels).fill(1 - BATCH_NORM_EPSILON));
    const shift = graph.node('Neg', [graph.node('Mul', [gain, meanGradient])]);
    // -slope (x - mean) + shift and gain g, each as one pass of the inference form with variance + epsilon = 1.
    const along = normalize(graph, x, graph.node('Neg', [slope]), shift, mean, one);
    const through = normalize(graph, gradOutput, gain, zero, zero, one);
    return [graph.node('Add', [through, along]), gradScale, gradBias];
  },
};

/** scale (x - mean) / sqrt(variance + eps) + bias for each channel: the inference form of batch normalization. */
export function normalize(graph: Graph, x: Value, scale: Value, bias: Value, mean: Value, variance: Value): Value {
  return graph.node('BatchNormalization', [x, scale, bias, mean, variance], {epsilon: {float: BATCH_NORM_EPSILON}});
}

/** Means over N, H and W: [N, C, H, W] to [C], in two steps that both have a fast path on the CPU. */
function channelMean(graph: Graph, x: Value): Value {
  const perImage = graph.node('ReduceMean', [x], {axes: [2, 3], keepdims: 0});
  return graph.node('ReduceMean', [perImage], {axes: [0], keepdims: 0});
}
