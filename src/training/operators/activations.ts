import type {Graph} from '../../onnx/graph.ts';
import type {Value} from '../../onnx/types.ts';
import {elementwise} from './channels-last.ts';
import type {Operator} from './operator.ts';

/** max(x, 0). The gradient passes if the output is positive. */
export const relu: Operator<void> = {
  forward: (graph, [x]) => ({output: elementwise(graph, 'Relu', [x])}),
  gradient(graph, {output}, gradOutput) {
    // Any number above 0 becomes 1 or more. Numbers are compared several times slower, since they become bits and numbers again.
    const large = elementwise(graph, 'Mul', [output, graph.scalar(3e38)]);
    const passing = elementwise(graph, 'Clip', [large, graph.scalar(0), graph.scalar(1)]);
    return [elementwise(graph, 'Mul', [passing, gradOutput])];
  },
};

/** min(max(x, 0), 6), the activation of the MobileNets. The gradient passes strictly between 0 and 6. */
export const relu6: Operator<void> = {
  forward: (graph, [x]) => ({output: elementwise(graph, 'Clip', [x, graph.scalar(0), graph.scalar(6)])}),
  gradient(graph, {output}, gradOutput) {
    return [elementwise(graph, 'Mul', [strictlyBetween(graph, output, 6), gradOutput])];
  },
};

/** 1 / (1 + exp(-x)). With s the result: d/dx = s (1 - s). */
export const sigmoid: Operator<void> = {
  forward: (graph, [x]) => ({output: elementwise(graph, 'Sigmoid', [x])}),
  gradient(graph, {output}, gradOutput) {
    const slope = elementwise(graph, 'Mul', [output, elementwise(graph, 'Sub', [graph.scalar(1), output])]);
    return [elementwise(graph, 'Mul', [slope, gradOutput])];
  },
};

/** min(max(x / 6 + 1/2, 0), 1) (Howard et al. 2019, arXiv:1905.02244). The gradient is 1/6 strictly between 0 and 1. */
export const hardSigmoid: Operator<void> = {
  forward: (graph, [x]) => ({output: elementwise(graph, 'HardSigmoid', [x], HARD_SIGMOID)}),
  gradient(graph, {output}, gradOutput) {
    const sixth = elementwise(graph, 'Mul', [gradOutput, graph.scalar(1 / 6)]);
    return [elementwise(graph, 'Mul', [strictlyBetween(graph, output, 1), sixth])];
  },
};

/** x hardSigmoid(x) (Howard et al. 2019, arXiv:1905.02244). With s = hardSigmoid(x): d/dx = s + x / 6 where 0 < s < 1. */
export const hardSwish: Operator<void> = {
  forward(graph, [x]) {
    const gate = elementwise(graph, 'HardSigmoid', [x], HARD_SIGMOID);
    return {output: elementwise(graph, 'Mul', [x, gate]), saved: [gate]};
  },
  gradient(graph, {inputs: [x], saved: [gate]}, gradOutput) {
    const sixth = elementwise(graph, 'Mul', [x, graph.scalar(1 / 6)]);
    const bent = elementwise(graph, 'Mul', [sixth, strictlyBetween(graph, gate, 1)]);
    return [elementwise(graph, 'Mul', [elementwise(graph, 'Add', [gate, bent]), gradOutput])];
  },
};

/**
 * x Phi(x), where Phi is the standard normal distribution (Hendrycks & Gimpel 2016, arXiv:1606.08415), without approximation:
 * Phi(x) = (1 + erf(x / sqrt 2)) / 2, and d/dx = Phi(x) + x exp(-x^2 / 2) / sqrt(2 pi).
 */
export const gelu: Operator<void> = {
  forward(graph, [x]) {
    const error = elementwise(graph, 'Erf', [elementwise(graph, 'Mul', [x, graph.scalar(Math.SQRT1_2)])]);
    // (1 + error) / 2 in one pass: it lies between 0 and 1, so nothing is cut off.
    const normal = elementwise(graph, 'HardSigmoid', [error], {alpha: {float: 0.5}, beta: {float: 0.5}});
    return {output: elementwise(graph, 'Mul', [x, normal]), saved: [normal]};
  },
  gradient(graph, {inputs: [x], saved: [normal]}, gradOutput) {
    const square = elementwise(graph, 'Mul', [x, x]);
    const bell = elementwise(graph, 'Exp', [elementwise(graph, 'Mul', [square, graph.scalar(-0.5)])]);
    const density = elementwise(graph, 'Mul', [bell, graph.scalar(1 / Math.sqrt(2 * Math.PI))]);
    const slope = elementwise(graph, 'Add', [normal, elementwise(graph, 'Mul', [x, density])]);
    return [elementwise(graph, 'Mul', [slope, gradOutput])];
  },
};

/** x sigmoid(x), also called swish (Elfwing et al. 2017, arXiv:1702.03118). With s = sigmoid(x): d/dx = s (1 + x (1 - s)). */
export const silu: Operator<void> = {
  forward(graph, [x]) {
    const gate = elementwise(graph, 'Sigmoid', [x]);
    return {output: elementwise(graph, 'Mul', [x, gate]), saved: [gate]};
  },
  gradient(graph, {inputs: [x], saved: [gate]}, gradOutput) {
    const rest = elementwise(graph, 'Mul', [x, elementwise(graph, 'Sub', [graph.scalar(1), gate])]);
    const slope = elementwise(graph, 'Mul', [gate, elementwise(graph, 'Add', [rest, graph.scalar(1)])]);
    return [elementwise(graph, 'Mul', [slope, gradOutput])];
  },
};

const HARD_SIGMOID = {alpha: {float: 1 / 6}, beta: {float: 0.5}};

/**
 * 1 where 0 < x < limit, 0 where x is 0 or the limit. Numbers are compared several times slower, since they become bits and
 * numbers again.
 */
function strictlyBetween(graph: Graph, x: Value, limit: number): Value {
  const below = elementwise(graph, 'Sub', [graph.scalar(limit), x]);
  // The smallest product of two float32 numbers between them is above 1e-38.
  const large = elementwise(graph, 'Mul', [elementwise(graph, 'Mul', [x, graph.scalar(1e38 / limit)]), below]);
  return elementwise(graph, 'Clip', [large, graph.scalar(0), graph.scalar(1)]);
}
