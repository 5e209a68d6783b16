import type {Graph} from '../../onnx/graph.ts';
import type {Value} from '../../onnx/types.ts';
import {type Operator, reshape, sizes} from './operator.ts';

/**
 * Layer normalization of x [N, C] or [N, C, H, W] over its channels, with scale and bias [C] (Ba et al. 2016,
 * arXiv:1607.06450; over the channels of a picture as in ConvNeXt, Liu et al. 2022, arXiv:2201.03545):
 *   y = scale z + bias,  z = (x - mean) r,  r = 1 / sqrt(var + eps)
 * With h = scale dy and means over the channels:  dx = r (h - mean(h) - z mean(h z)).
 */
export const layerNorm: Operator<{epsilon: number}> = {
  forward(graph, [x, scale, bias], {epsilon}) {
    const centered = graph.node('Sub', [x, channelMean(graph, x)]);
    const variance = channelMean(graph, graph.node('Mul', [centered, centered]));
    const deviation = graph.node('Sqrt', [graph.node('Add', [variance, graph.scalar(epsilon)])]);
    const inverse = graph.node('Reciprocal', [deviation]);
    const normalized = graph.node('Mul', [centered, inverse]);
    const scaled = graph.node('Mul', [normalized, perChannel(graph, scale, x)]);
    return {output: graph.node('Add', [scaled, perChannel(graph, bias, x)]), saved: [normalized, inverse]};
  },
  gradient(graph, {inputs: [x, scale], saved: [normalized, inverse]}, gradOutput, wanted) {
    const product = graph.node('Mul', [gradOutput, normalized]);
    const inner = graph.node('Mul', [gradOutput, perChannel(graph, scale, x)]);
    const along = graph.node('Mul', [
      normalized,
      channelMean(graph, graph.node('Mul', [product, perChannel(graph, scale, x)])),
    ]);
    const centered = graph.node('Sub', [inner, channelMean(graph, inner)]);
    return [
      wanted[0] ? graph.node('Mul', [graph.node('Sub', [centered, along]), inverse]) : undefined,
      wanted[1] ? sumToChannels(graph, product) : undefined,
      wanted[2] ? sumToChannels(graph, gradOutput) : undefined,
    ];
  },
};

function channelMean(graph: Graph, x: Value): Value {
  return graph.node('ReduceMean', [x], {axes: [1], keepdims: 1});
}

/** [C] in a shape that is repeated over the pixels of x. */
function perChannel(graph: Graph, vector: Value, x: Value): Value {
  return x.shape.length === 2 ? vector : reshape(graph, vector, x.shape[1] as number, 1, 1);
}

function sumToChannels(graph: Graph, x: Value): Value {
  const axes = sizes(x).flatMap((_, axis) => (axis === 1 ? [] : [axis]));
  return graph.node('ReduceSum', [x, graph.integers(...axes)], {keepdims: 0});
}
