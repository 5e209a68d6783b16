import type {Graph} from '../../onnx/graph.ts';
import {ELEMENT_TYPE} from '../../onnx/tensor.ts';
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
  forward: (graph, [x]) => ({output: graph.node('Clip', [x, graph.scalar(0), graph.scalar(6)])}),
  gradient(graph, {output}, gradOutput) {
    const above = where(graph, graph.node('Greater', [output, graph.scalar(0)]), gradOutput);
    return [where(graph, graph.node('Less', [output, graph.scalar(6)]), above)];
  },
};

/** x sigmoid(x), also called swish (Elfwing et al. 2017, arXiv:1702.03118). With s = sigmoid(x): d/dx = s (1 + x (1 - s)). */
export const silu: Operator<void> = {
  forward(graph, [x]) {
    const sigmoid = graph.node('Sigmoid', [x]);
    return {output: graph.node('Mul', [x, sigmoid]), saved: [sigmoid]};
  },
  gradient(graph, {inputs: [x], saved: [sigmoid]}, gradOutput) {
    const one = graph.scalar(1);
    const inner = graph.node('Add', [one, graph.node('Mul', [x, graph.node('Sub', [one, sigmoid])])]);
    return [graph.node('Mul', [gradOutput, graph.node('Mul', [sigmoid, inner])])];
  },
};

/** `value` where the condition holds, 0 elsewhere. The product with the cast condition runs on every device. */
function where(graph: Graph, condition: Value, value: Value): Value {
  return graph.node('Mul', [value, graph.node('Cast', [condition], {to: ELEMENT_TYPE.float32})]);
}
