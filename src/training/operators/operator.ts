/**
 * An operator of the networks: what it computes, and how a gradient flows back through it. Both are ordinary ONNX
 * nodes, so that the backward pass is just more graph and runs wherever the forward pass does.
 */
import type {Graph} from '../../onnx/graph.ts';
import type {Value} from '../../onnx/types.ts';

/** One use of an operator, as the tape recorded it. */
export interface Application<Attributes> {
  attributes: Attributes;
  inputs: Value[];
  output: Value;
  /** What `forward` wants to see again in `gradient`. */
  saved: Value[];
}

export interface Operator<Attributes = unknown> {
  /** Adds the nodes that compute the output. */
  forward(graph: Graph, inputs: Value[], attributes: Attributes): {output: Value; saved?: Value[]};
  /**
   * Adds the nodes that compute the gradient of the loss by each input, given that by the output (of its shape).
   * `wanted[i]` is false where nothing asks for the gradient of input i: it may be left undefined.
   */
  gradient(
    graph: Graph,
    application: Application<Attributes>,
    gradOutput: Value,
    wanted: boolean[],
  ): (Value | undefined)[];
}

/** The sizes of a value, all of which must be known. */
export function sizes(value: Value): number[] {
  return value.shape.map((size) => {
    if (typeof size !== 'number') throw new RangeError(`${value.name}: the size ${size} must be known`);
    return size;
  });
}

/** A view of the same elements with other sizes. */
export function reshape(graph: Graph, value: Value, ...shape: number[]): Value {
  return graph.node('Reshape', [value, graph.integers(...shape)]);
}
