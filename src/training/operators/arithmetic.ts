import type {Graph} from '../../onnx/graph.ts';
import type {Value} from '../../onnx/types.ts';
import {elementwise} from './channels-last.ts';
import type {Operator} from './operator.ts';
import {sizes} from './operator.ts';

/** x + y of the same shape, for residual connections. d/dx = d/dy = 1. */
export const add: Operator<void> = {
  forward: (graph, inputs) => ({output: elementwise(graph, 'Add', inputs)}),
  gradient: (_graph, _application, gradOutput) => [gradOutput, gradOutput],
};

/** x y, with broadcasting. d/dx = y and d/dy = x, summed over the broadcast axes. */
export const multiply: Operator<void> = {
  forward: (graph, inputs) => ({output: graph.node('Mul', inputs)}),
  gradient(graph, {inputs: [x, y]}, gradOutput, wanted) {
    return [
      wanted[0] ? sumTo(graph, graph.node('Mul', [gradOutput, y]), x) : undefined,
      wanted[1] ? sumTo(graph, graph.node('Mul', [gradOutput, x]), y) : undefined,
    ];
  },
};

/** Sums `value` over the axes along which `like` was broadcast. */
function sumTo(graph: Graph, value: Value, like: Value): Value {
  const rank = value.shape.length;
  const missing = rank - like.shape.length;
  const axes = sizes(value)
    .map((_, axis) => axis)
    .filter((axis) => axis < missing || like.shape[axis - missing] !== value.shape[axis]);
  if (axes.length === 0) return value;
  const summed = graph.node('ReduceSum', [value, graph.integers(...axes)], {keepdims: 1});
  return missing === 0 ? summed : graph.node('Reshape', [summed, graph.integers(...sizes(like))]);
}
