import {decodeModel} from '../../onnx/model.ts';
import type {AttributeProto, NodeProto} from '../../onnx/schema.ts';

/** The operators that look at a picture place by place. */
const SPATIAL = 'Conv';

/** The nodes of a model file, and how they hang together. */
export class ModelNodes {
  readonly nodes: readonly NodeProto[];
  /** The version of the standard operators. */
  readonly opset: number;
  readonly outputs: readonly string[];
  readonly #producers = new Map<string, NodeProto>();
  readonly #constants: ReadonlySet<string>;
  readonly #spatial = new Set<string>();

  /** @throws RangeError if the bytes are not protobuf */
  constructor(bytes: Uint8Array) {
    const {graph, opsetImport} = decodeModel(bytes);
    this.nodes = (graph?.node ?? []).map((node) => ({...node, input: node.input ?? [], output: node.output ?? []}));
    this.opset = opsetImport?.find(({domain = ''}) => domain === '' || domain === 'ai.onnx')?.version ?? 0;
    this.outputs = (graph?.output ?? []).map(({name}) => name);
    const constants = new Set((graph?.initializer ?? []).map(({name}) => name));
    // In the order of computation, as the format requires.
    for (const node of this.nodes) {
      const inputs = node.input.filter((name) => name !== '');
      const constant = inputs.length === 0 ? node.opType === 'Constant' : inputs.every((name) => constants.has(name));
      const spatial = node.opType === SPATIAL || inputs.some((name) => this.#spatial.has(name));
      for (const name of node.output) {
        this.#producers.set(name, node);
        if (constant) constants.add(name);
        if (spatial) this.#spatial.add(name);
      }
    }
    this.#constants = constants;
  }

  /** The node that computes a value; undefined for inputs and weights. */
  producer(name: string): NodeProto | undefined {
    return this.#producers.get(name);
  }

  /** Whether a value is the same for every picture. */
  isConstant(name: string): boolean {
    return this.#constants.has(name);
  }

  /** Whether a value depends on what a convolution has seen. */
  isSpatial(name: string): boolean {
    return this.#spatial.has(name);
  }
}

/** An attribute of a node. */
export function attribute({attribute: all = []}: NodeProto, name: string): AttributeProto | undefined {
  return all.find((each) => each.name === name);
}

/** A whole number, or the default where the attribute is missing. */
export function integer(node: NodeProto, name: string, missing: number): number {
  const found = attribute(node, name);
  // Protobuf leaves out zeros.
  return found ? (found.i ?? 0) : missing;
}

export function float(node: NodeProto, name: string, missing: number): number {
  const found = attribute(node, name);
  return found ? (found.f ?? 0) : missing;
}

export function integers(node: NodeProto, name: string): number[] | undefined {
  return attribute(node, name)?.ints;
}
