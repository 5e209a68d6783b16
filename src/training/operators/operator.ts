/**
 * An operator: what it computes, and how a gradient flows back through it. Both are ordinary ONNX nodes, so the backward
 * pass is part of the graph and runs wherever the forward pass does.
 */
import type {Graph} from '../../onnx/graph.ts';
import type {Value} from '../../onnx/types.ts';

/** One application of an operator, recorded by the tape. */
export interface Application<Attributes> {
  attributes: Attributes;
  inputs: Value[];
  output: Value;
  /** Values that `forward` saves for `gradient`. */
  saved: Value[];
}

export interface Operator<Attributes = unknown> {
  /** Adds the nodes that compute the output. */
  forward(graph: Graph, inputs: Value[], attributes: Attributes): {output: Value; saved?: Value[]};
  /**
   * Adds the nodes that compute the gradient of the loss with respect to each input, given that with respect to the
   * output. If `wanted[i]` is false, the gradient of input i is not needed and may be undefined.
   */
  gradient(
    graph: Graph,
    application: Application<Attributes>,
    gradOutput: Value,
    wanted: boolean[],
  ): (Value | undefined)[];
}

/** The dimensions of a value, all of which must be known. */
export function sizes(value: Value): number[] {
  return value.shape.map((size) => {
    if (typeof size !== 'number') throw new RangeError(`${value.name}: the size ${size} must be known`);
    return size;
  });
}

/** The same elements in another shape. */
export function reshape(graph: Graph, value: Value, ...shape: number[]): Value {
  return graph.node('Reshape', [value, graph.integers(...shape)]);
}

/** Columns [begin, end) of a matrix [N, D]. */
export function columnsOf(graph: Graph, matrix: Value, begin: number, end: number): Value {
  return graph.node('Slice', [matrix, graph.integers(begin), graph.integers(end), graph.integers(1)]);
}
