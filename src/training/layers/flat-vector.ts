import type {Graph, Value} from '../../onnx/graph.ts';
import {reshape} from '../operators/operator.ts';
import type {Placed} from '../parameters.ts';

/** Takes the named pieces out of a flat vector, each once. A Slice each: WebGPU cannot split into many at once. */
export class FlatVector {
  private readonly pieces = new Map<string, Value>();

  constructor(
    private readonly graph: Graph,
    private readonly vector: Value,
    private readonly placed: (Placed & {name: string})[],
  ) {}

  piece(name: string, shape?: number[]): Value {
    const known = this.pieces.get(name);
    if (known) return known;
    const {offset, length} = this.placed.find((each) => each.name === name)!;
    const ends = this.graph.integers(offset + length);
    const flat = this.graph.node('Slice', [this.vector, this.graph.integers(offset), ends, this.graph.integers(0)]);
    const piece = shape && shape.length !== 1 ? reshape(this.graph, flat, ...shape) : flat;
    this.pieces.set(name, piece);
    return piece;
  }
}
