import type {Graph} from '../../onnx/graph.ts';
import type {Value} from '../../onnx/types.ts';
import {reshape} from '../operators/operator.ts';
import type {Placed} from '../parameters.ts';

/** Slices the named pieces out of a flat vector, each once. Slice instead of Split: WebGPU limits Split's outputs. */
export class FlatVector {
  readonly #pieces = new Map<string, Value>();

  readonly #graph: Graph;
  readonly #vector: Value;
  readonly #placed: (Placed & {name: string})[];

  constructor(graph: Graph, vector: Value, placed: (Placed & {name: string})[]) {
    this.#graph = graph;
    this.#vector = vector;
    this.#placed = placed;
  }

  piece(name: string, shape?: number[]): Value {
    const known = this.#pieces.get(name);
    if (known) return known;
    const {offset, length} = this.#placed.find((each) => each.name === name)!;
    const ends = this.#graph.integers(offset + length);
    const flat = this.#graph.node('Slice', [this.#vector, this.#graph.integers(offset), ends, this.#graph.integers(0)]);
    const piece = shape && shape.length !== 1 ? reshape(this.#graph, flat, ...shape) : flat;
    this.#pieces.set(name, piece);
    return piece;
  }
}
