/**
 * A typed builder for ONNX graphs. It infers the output types and shapes of each node when the node is added, so that a
 * mistake is reported there and not when a session loads the file.
 */
import type {AttributeProto, GraphProto, NodeProto, TensorProto, ValueInfoProto} from './schema.ts';
import {inferShapes} from './shapes.ts';
import {type DataType, dataTypeOf, ELEMENT_TYPE, type TensorData, tensorProto} from './tensor.ts';
import type {Attribute, Attributes, Dimension, Value} from './types.ts';

/** Prefix of constants: an initializer with the same name as an input would be its overridable default value. */
const CONSTANT_PREFIX = 'const.';
const NODE_PREFIX = 'node.';
/** Prefix of constants that have a name of their own. */
export const NAMED_PREFIX = 'parameter.';

interface Node {
  opType: string;
  inputs: Value[];
  outputs: Value[];
  attributes: Attributes;
}

export class Graph {
  readonly #nodes: Node[] = [];
  readonly #producers = new Map<Value, Node>();
  readonly #inputs: Value[] = [];
  readonly #outputs: {name: string; value: Value}[] = [];
  readonly #constants = new Map<string, Value>();
  readonly #shared = new Map<string, Value>();

  /** Declares an input of the graph. */
  input(name: string, type: DataType, shape: readonly Dimension[]): Value {
    if ([CONSTANT_PREFIX, NODE_PREFIX, NAMED_PREFIX].some((prefix) => name.startsWith(prefix)))
      throw new RangeError(`${name}: the prefix is reserved`);
    if (this.#inputs.some((input) => input.name === name)) throw new RangeError(`two inputs are named ${name}`);
    const value = {name, type, shape};
    this.#inputs.push(value);
    return value;
  }

  /** A constant tensor. Small ones with equal content are shared. */
  constant(data: TensorData, shape: readonly number[] = [data.length]): Value {
    const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
    // The key uses the bytes, because -0 as text would be 0.
    const key = data.length <= 16 ? `${dataTypeOf(data)}[${shape}]${bytes.toString('hex')}` : undefined;
    const known = key === undefined ? undefined : this.#shared.get(key);
    if (known) return known;
    const value = {name: `${CONSTANT_PREFIX}${this.#constants.size}`, type: dataTypeOf(data), shape, data};
    tensorProto(value.name, data, shape);
    this.#constants.set(value.name, value);
    if (key !== undefined) this.#shared.set(key, value);
    return value;
  }

  /** A constant tensor that can be found by its name in the file: `parameter.<name>`. */
  named(name: string, data: TensorData, shape: readonly number[]): Value {
    const value = {name: `${NAMED_PREFIX}${name}`, type: dataTypeOf(data), shape, data};
    if (this.#constants.has(value.name)) throw new RangeError(`two parameters are named ${name}`);
    tensorProto(value.name, data, shape);
    this.#constants.set(value.name, value);
    return value;
  }

  /** A float32 scalar constant. */
  scalar(value: number): Value {
    return this.constant(Float32Array.of(value), []);
  }

  /** A constant int64 vector, the type in which operators take shapes, axes and positions. */
  integers(...values: number[]): Value {
    return this.constant(BigInt64Array.from(values.map(BigInt)));
  }

  /** Adds a node with one output. */
  node(opType: string, inputs: Value[], attributes: Attributes = {}): Value {
    return this.nodeWithOutputs(opType, inputs, attributes, 1)[0];
  }

  /** Adds a node with several outputs. */
  nodeWithOutputs(opType: string, inputs: Value[], attributes: Attributes, count: number): Value[] {
    const inferred = inferShapes(opType, inputs, attributes, count);
    const outputs = inferred.map(({type, shape}, i) => {
      return {name: `${NODE_PREFIX}${this.#nodes.length}${count > 1 ? `.${i}` : ''}.${opType}`, type, shape};
    });
    const node = {opType, inputs, outputs, attributes};
    this.#nodes.push(node);
    for (const output of outputs) this.#producers.set(output, node);
    return outputs;
  }

  /** The node that computes a value; undefined for inputs and constants. */
  producer(value: Value): {opType: string; inputs: readonly Value[]; attributes: Attributes} | undefined {
    return this.#producers.get(value);
  }

  /** Declares `value` as an output of the graph, called `name`. */
  output(name: string, value: Value): void {
    if (this.#outputs.some((output) => output.name === name)) throw new RangeError(`two outputs are named ${name}`);
    this.#outputs.push({name, value});
  }

  /** The name that a value has in the message. */
  nameOf(value: Value): string {
    return this.#outputNames().get(value) ?? value.name;
  }

  /** The graph as an ONNX message, without nodes that no output depends on. */
  toProto(name: string): GraphProto {
    const names = this.#outputNames();
    const needed = this.#neededNodes();
    const renamed = (value: Value): string => names.get(value) ?? value.name;
    const node = needed.map(
      ({opType, inputs, outputs, attributes}, i): NodeProto => ({
        name: `${opType}_${i}`,
        opType,
        input: inputs.map(renamed),
        output: outputs.map(renamed),
        attribute: Object.entries(attributes).map(attributeProto),
      }),
    );
    const aliases = this.#outputs.filter(({name, value}) => renamed(value) !== name);
    for (const {name: output, value} of aliases) {
      node.push({name: `Identity_${output}`, opType: 'Identity', input: [renamed(value)], output: [output]});
    }
    const used = new Set(node.flatMap((each) => each.input));
    const initializer: TensorProto[] = [...this.#constants.values()]
      .filter((value) => used.has(value.name))
      .map((value) => tensorProto(value.name, value.data!, value.shape as number[]));
    return {
      name,
      node,
      initializer,
      input: this.#inputs.map((value) => valueInfo(value.name, value)),
      output: this.#outputs.map((output) => valueInfo(output.name, output.value)),
    };
  }

  /** A node's output gets the name of the graph output directly, because an Identity node would copy the tensor. */
  #outputNames(): Map<Value, string> {
    const names = new Map<Value, string>();
    for (const {name, value} of this.#outputs) {
      const produced = this.#nodes.some((node) => node.outputs.includes(value));
      if (produced && !names.has(value)) names.set(value, name);
    }
    return names;
  }

  #neededNodes(): Node[] {
    const wanted = new Set(this.#outputs.map(({value}) => value));
    const kept: Node[] = [];
    for (const node of [...this.#nodes].reverse()) {
      if (!node.outputs.some((output) => wanted.has(output))) continue;
      kept.push(node);
      for (const input of node.inputs) wanted.add(input);
    }
    return kept.reverse();
  }
}

function attributeProto([name, value]: [string, Attribute]): AttributeProto {
  if (typeof value === 'number') return {name, type: 2, i: value};
  if (typeof value === 'string') return {name, type: 3, s: new TextEncoder().encode(value)};
  if ('float' in value) return {name, type: 1, f: value.float};
  return {name, type: 7, ints: [...value]};
}

function valueInfo(name: string, {type, shape}: Value): ValueInfoProto {
  const dim = shape.map((size) => (typeof size === 'number' ? {dimValue: size} : {dimParam: size}));
  return {name, type: {tensorType: {elemType: ELEMENT_TYPE[type], shape: {dim}}}};
}
