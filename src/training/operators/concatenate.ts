import type {Graph} from '../../onnx/graph.ts';
import type {Value} from '../../onnx/types.ts';

/** Inputs per Concat: WebGPU can bind only a few buffers at once. */
const LIMIT = 7;

/** Concatenates values along an axis, with a tree of small Concats. */
export function concatenate(graph: Graph, values: Value[], axis: number): Value {
  if (values.length === 1) return values[0];
  const groups: Value[] = [];
  for (let i = 0; i < values.length; i += LIMIT) {
    const group = values.slice(i, i + LIMIT);
    groups.push(group.length === 1 ? group[0] : graph.node('Concat', group, {axis}));
  }
  return concatenate(graph, groups, axis);
}
