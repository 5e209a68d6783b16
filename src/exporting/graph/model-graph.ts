import type {AttributeProto, GraphProto, NodeProto, TensorProto} from '../../onnx/schema.ts';
import {ELEMENT_TYPE} from '../../onnx/tensor.ts';

/** A node whose lists are all there, also those that are empty in the file. */
export type ModelNode = NodeProto & {input: string[]; attribute: AttributeProto[]};

/** The graph of a model file with what passes over it ask for: what makes a value, what takes it, and which are constants. */
export class ModelGraph {
  readonly proto: GraphProto;
  readonly nodes: readonly ModelNode[];
  readonly #producers = new Map<string, ModelNode>();
  readonly #consumers = new Map<string, ModelNode[]>();
  readonly #constants: Map<string, TensorProto>;
  readonly #outputs: Set<string>;

  constructor(proto: GraphProto) {
    this.proto = proto;
    this.nodes = proto.node.map((node) => ({...node, input: node.input ?? [], attribute: node.attribute ?? []}));
    this.#constants = new Map((proto.initializer ?? []).map((tensor) => [tensor.name, tensor]));
    this.#outputs = new Set(proto.output.map(({name}) => name));
    for (const node of this.nodes) {
      for (const name of node.output) this.#producers.set(name, node);
      for (const name of new Set(node.input)) {
        const takers = this.#consumers.get(name);
        if (takers) takers.push(node);
        else this.#consumers.set(name, [node]);
      }
    }
  }

  producer(value: string): ModelNode | undefined {
    return this.#producers.get(value);
  }

  consumers(value: string): readonly ModelNode[] {
    return this.#consumers.get(value) ?? [];
  }

  constant(value: string): TensorProto | undefined {
    return this.#constants.get(value);
  }

  isOutput(value: string): boolean {
    return this.#outputs.has(value);
  }

  /** A float32 constant that weighs the first input of a convolution or of a product of matrices. */
  weight({opType, input}: ModelNode): TensorProto | undefined {
    if (!WEIGHTED.includes(opType)) return undefined;
    const tensor = this.constant(input[1]);
    return tensor?.dataType === ELEMENT_TYPE.float32 ? tensor : undefined;
  }

  /** All nodes that follow from some, themselves included. */
  downstream(from: readonly ModelNode[]): Set<ModelNode> {
    return reach(from, (node) => node.output.flatMap((name) => this.consumers(name)));
  }

  /** All nodes that some follow from, themselves included. */
  upstream(from: readonly ModelNode[]): Set<ModelNode> {
    return reach(from, (node) => node.input.flatMap((name) => this.producer(name) ?? []));
  }
}

const WEIGHTED: readonly string[] = ['Conv', 'Gemm', 'MatMul'];

/** An attribute that is a whole number. */
export function integerAttribute({attribute}: ModelNode, name: string, fallback: number): number {
  return attribute.find((each) => each.name === name)?.i ?? fallback;
}

/** The elements of a float32 constant. */
export function floatsOf({name, rawData}: TensorProto): Float32Array {
  if (rawData === undefined) throw new RangeError(`the constant ${name} has no raw data`);
  return new Float32Array(Uint8Array.from(rawData).buffer);
}

/** A graph without the constants that no node takes. */
export function withoutUnused(graph: GraphProto): GraphProto {
  const used = new Set(graph.node.flatMap(({input}) => input ?? []));
  return {...graph, initializer: graph.initializer.filter(({name}) => used.has(name))};
}

function reach(from: readonly ModelNode[], next: (node: ModelNode) => readonly ModelNode[]): Set<ModelNode> {
  const reached = new Set(from);
  for (const node of reached) for (const each of next(node)) reached.add(each);
  return reached;
}
