/** Losses of pictures, in which every number of [N, K, H, W] has its own target and weight; means over N, H and W. */
import type {Graph} from '../../onnx/graph.ts';
import type {Value} from '../../onnx/types.ts';
import {type Operator, sizes} from './operator.ts';

/**
 * For numbers: sum of w b (sqrt(1 + (d / b)^2) - 1) with d = x - t, quadratic below the bend b and linear above (Charbonnier et al.
 * 1997, doi:10.1109/83.551699). d loss / dx = w (d / b) / sqrt(1 + (d / b)^2).
 */
export const pseudoHuber: Operator<{bend: number}> = {
  forward(graph, [x, target, weight], {bend}) {
    const bent = graph.node('Mul', [graph.node('Sub', [x, target]), graph.scalar(1 / bend)]);
    const root = graph.node('Sqrt', [graph.node('Add', [graph.node('Mul', [bent, bent]), graph.scalar(1)])]);
    const scaled = graph.node('Mul', [graph.node('Sub', [root, graph.scalar(1)]), graph.scalar(bend)]);
    return {output: mean(graph, scaled, weight), saved: [graph.node('Div', [bent, root])]};
  },
  gradient: (graph, {inputs: [x, , weight], saved: [slope]}, gradOutput) => [
    back(graph, x, weight, slope, gradOutput),
    undefined,
    undefined,
  ],
};

/**
 * For logits of yes or no: sum of w (max(x, 0) - x t + log(1 + exp(-|x|))), which is the cross-entropy of the sigmoid without
 * overflow. d loss / dx = w (sigmoid(x) - t).
 */
export const binaryCrossEntropy: Operator<void> = {
  forward(graph, [x, target, weight]) {
    const small = graph.node('Exp', [graph.node('Neg', [graph.node('Abs', [x])])]);
    const rest = graph.node('Log', [graph.node('Add', [small, graph.scalar(1)])]);
    const linear = graph.node('Sub', [graph.node('Relu', [x]), graph.node('Mul', [x, target])]);
    return {output: mean(graph, graph.node('Add', [linear, rest]), weight)};
  },
  gradient(graph, {inputs: [x, target, weight]}, gradOutput) {
    const slope = graph.node('Sub', [graph.node('Sigmoid', [x]), target]);
    return [back(graph, x, weight, slope, gradOutput), undefined, undefined];
  },
};

function mean(graph: Graph, losses: Value, weight: Value): Value {
  const total = graph.node('ReduceSum', [graph.node('Mul', [losses, weight])], {keepdims: 0});
  return graph.node('Mul', [total, graph.scalar(1 / pixelsOf(losses))]);
}

function back(graph: Graph, x: Value, weight: Value, slope: Value, gradOutput: Value): Value {
  const share = graph.node('Mul', [gradOutput, graph.scalar(1 / pixelsOf(x))]);
  return graph.node('Mul', [graph.node('Mul', [weight, slope]), share]);
}

function pixelsOf(value: Value): number {
  const [batch, , height, width] = sizes(value);
  return batch * height * width;
}
