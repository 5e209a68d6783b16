import type {Graph} from '../../onnx/graph.ts';
import type {Value} from '../../onnx/types.ts';
import {type Operator, sizes} from './operator.ts';

/**
 * Mean softmax cross-entropy of logits [N, C] against target distributions [N, C] (soft labels), smoothed towards the
 * uniform distribution by `smoothing` (Szegedy et al. 2016, arXiv:1512.00567):
 *   t' = (1 - s) t + s / C,  loss = -mean_n sum_c t' log softmax(x),  d loss / dx = (softmax(x) - t') / N
 * where every target sums to 1. Written with primitives, because WebGPU has no LogSoftmax.
 */
export const softmaxCrossEntropy: Operator<{smoothing: number}> = {
  forward(graph, [logits, target], {smoothing}) {
    const classes = sizes(logits)[1];
    const scaled = graph.node('Mul', [target, graph.scalar(1 - smoothing)]);
    const smoothed = graph.node('Add', [scaled, graph.scalar(smoothing / classes)]);
    const shifted = graph.node('Sub', [logits, graph.node('ReduceMax', [logits], {axes: [1]})]);
    const exponential = graph.node('Exp', [shifted]);
    const total = sum(graph, exponential);
    const logProbability = graph.node('Sub', [shifted, graph.node('Log', [total])]);
    const perImage = sum(graph, graph.node('Mul', [smoothed, logProbability]));
    const output = graph.node('Neg', [graph.node('ReduceMean', [perImage], {axes: [0, 1], keepdims: 0})]);
    return {output, saved: [graph.node('Div', [exponential, total]), smoothed]};
  },
  gradient(graph, {inputs: [logits], saved: [probability, smoothed]}, gradOutput) {
    const difference = graph.node('Sub', [probability, smoothed]);
    const scale = graph.node('Mul', [gradOutput, graph.scalar(1 / sizes(logits)[0])]);
    return [graph.node('Mul', [difference, scale]), undefined];
  },
};

function sum(graph: Graph, value: Value): Value {
  return graph.node('ReduceSum', [value, graph.integers(1)], {keepdims: 1});
}
