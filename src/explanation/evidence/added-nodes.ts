import {encodeMessage} from '../../onnx/protobuf.ts';
import {type AttributeProto, MODEL, type NodeProto, type TensorProto, type ValueInfoProto} from '../../onnx/schema.ts';
import {type DataType, ELEMENT_TYPE, type TensorData, tensorProto} from '../../onnx/tensor.ts';
import type {Attribute} from '../../onnx/types.ts';

/** Names of added values begin so: no other program's do. */
const PREFIX = 'rice.explain.';

/**
 * Nodes that are added to a model file of any origin. The file's own bytes stay as they are: where a message is in a file twice,
 * protobuf joins both, so what is added is written behind it (https://protobuf.dev/programming-guides/encoding/#last-one-wins).
 */
export class AddedNodes {
  readonly #nodes: NodeProto[] = [];
  readonly #constants: TensorProto[] = [];
  readonly #inputs: ValueInfoProto[] = [];
  readonly #outputs: ValueInfoProto[] = [];
  readonly #shared = new Map<string, string>();

  /** Adds a node with one output, and returns its name. */
  node(opType: string, input: string[], attributes: Record<string, Attribute> = {}): string {
    const name = `${PREFIX}${this.#nodes.length}.${opType}`;
    const attribute = Object.entries(attributes).map(attributeProto);
    this.#nodes.push({name, opType, input, output: [name], attribute});
    return name;
  }

  constant(data: TensorData, shape: readonly number[] = [data.length]): string {
    const key = `${data.constructor.name}[${shape}]${data}`;
    const known = this.#shared.get(key);
    if (known) return known;
    const name = `${PREFIX}constant.${this.#constants.length}`;
    this.#constants.push(tensorProto(name, data, shape));
    this.#shared.set(key, name);
    return name;
  }

  scalar(value: number): string {
    return this.constant(Float32Array.of(value), []);
  }

  integers(...values: number[]): string {
    return this.constant(BigInt64Array.from(values.map(BigInt)));
  }

  /** One more input of the graph. */
  input(name: string, type: DataType, shape: readonly (number | string)[]): string {
    const dim = shape.map((size) => (typeof size === 'number' ? {dimValue: size} : {dimParam: size}));
    const full = `${PREFIX}${name}`;
    this.#inputs.push({name: full, type: {tensorType: {elemType: ELEMENT_TYPE[type], shape: {dim}}}});
    return full;
  }

  /** Declares a value of the file or an added one as one more output; onnxruntime finds its type. */
  output(name: string): void {
    if (!this.#outputs.some((each) => each.name === name)) this.#outputs.push({name} as ValueInfoProto);
  }

  /** The file with what was added. */
  appendTo(bytes: Uint8Array): Uint8Array {
    const graph = {
      node: this.#nodes,
      initializer: this.#constants,
      input: this.#inputs,
      output: this.#outputs,
    };
    return Buffer.concat([bytes, encodeMessage({graph}, MODEL)]);
  }
}

function attributeProto([name, value]: [string, Attribute]): AttributeProto {
  if (typeof value === 'number') return {name, type: 2, i: value};
  if (typeof value === 'string') return {name, type: 3, s: new TextEncoder().encode(value)};
  if ('float' in value) return {name, type: 1, f: value.float};
  return {name, type: 7, ints: [...value]};
}
