/** Small float models as other tools export them, and their expected answers. */
import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {Graph} from '../../../src/onnx/graph.ts';
import {decodeModel, encodeModel} from '../../../src/onnx/model.ts';
import {encodeMessage, type MessageType} from '../../../src/onnx/protobuf.ts';
import {type GraphProto, MODEL} from '../../../src/onnx/schema.ts';
import type {Dimension, Value} from '../../../src/onnx/types.ts';
import {randomValues} from '../../helpers/run-graph.ts';

export const LABELS = ['blue', 'green', 'red'];
export const WIDTH = 8;
export const HEIGHT = 6;
export const PIXELS = WIDTH * HEIGHT;

/** Weights of each input value for each label; the model's layout decides the order of the input values. */
export const WEIGHTS = Float32Array.from(randomValues(3 * PIXELS * 3, 7, -0.1, 0.1));

export interface ModelOptions {
  layout?: 'nchw' | 'nhwc';
  batch?: Dimension;
  output?: 'logits' | 'probabilities';
}

/** A model of one dense layer: every input value has its own weight, so that swapped values change the answer. */
export function externalModel({layout = 'nchw', batch = 'batch', output = 'logits'}: ModelOptions = {}): Uint8Array {
  const shape: Dimension[] = layout === 'nchw' ? [batch, 3, HEIGHT, WIDTH] : [batch, HEIGHT, WIDTH, 3];
  return modelOf((graph) => {
    const pixels = graph.input('pixels', 'float32', shape);
    const flat = graph.node('Reshape', [pixels, graph.integers(-1, 3 * PIXELS)]);
    const logits = graph.node('MatMul', [flat, graph.constant(WEIGHTS, [3 * PIXELS, 3])]);
    graph.output('scores', output === 'logits' ? logits : graph.node('Softmax', [logits], {axis: 1}));
  });
}

/** Encodes a graph; `change` may declare what the builder does not allow. */
export function modelOf(build: (graph: Graph) => void, change: (proto: GraphProto) => void = () => {}): Uint8Array {
  const graph = new Graph();
  build(graph);
  const proto = graph.toProto('foreign');
  change(proto);
  return encodeModel(proto);
}

/** A model that returns the mean of each channel, or something computed from the means. */
export function meansModel(last: (graph: Graph, means: Value) => Value = (_, means) => means): Uint8Array {
  return modelOf((graph) => {
    const pixels = graph.input('pixels', 'float32', ['N', 3, HEIGHT, WIDTH]);
    graph.output('scores', last(graph, graph.node('ReduceMean', [pixels], {axes: [2, 3], keepdims: 0})));
  });
}

/** A model and separately its weights in the file `file`, as PyTorch writes them ("external data"). */
export function modelWithWeightsBeside(file: string): {model: Uint8Array; weights: Uint8Array} {
  const proto = decodeModel(externalModel());
  const tensor = proto.graph.initializer.find(({dims}) => dims.length === 2)!;
  const {rawData: weights, ...rest} = tensor;
  const external = {...rest, externalData: [{key: 'location', value: file}], dataLocation: 1};
  const initializer = proto.graph.initializer.map((each) => (each === tensor ? external : each));
  return {model: encodeMessage({...proto, graph: {...proto.graph, initializer}}, MODEL_WITH_EXTERNAL_DATA), weights};
}

/** Fields of onnx.proto that only these tests need. */
const MODEL_WITH_EXTERNAL_DATA: MessageType = () => {
  const model = MODEL();
  const graph = (model.graph.kind as MessageType)();
  const tensor = (graph.initializer.kind as MessageType)();
  const entry: MessageType = () => ({key: {number: 1, kind: 'string'}, value: {number: 2, kind: 'string'}});
  const external: MessageType = () => ({
    ...tensor,
    externalData: {number: 13, kind: entry, repeated: true},
    dataLocation: {number: 14, kind: 'int64'},
  });
  const withExternal = {...graph, initializer: {...graph.initializer, kind: external}};
  return {...model, graph: {...model.graph, kind: () => withExternal}};
};

/** A description that matches `externalModel()`. */
export function description(changes: object = {}): Record<string, unknown> {
  return {
    labels: LABELS,
    input: {width: WIDTH, height: HEIGHT},
    resize: 'stretch',
    output: 'logits',
    ...changes,
  };
}

/** Writes a model and its description; returns the model's path. */
export function writeModel(folder: string, name: string, bytes: Uint8Array, document?: object | string): string {
  const path = join(folder, `${name}.onnx`);
  writeFileSync(path, bytes);
  const text = typeof document === 'string' ? document : JSON.stringify(document);
  if (document !== undefined) writeFileSync(join(folder, `${name}.json`), text);
  return path;
}

/** Softmax, independent of the one under test. */
export function softmaxOf(logits: number[]): number[] {
  const powers = logits.map(Math.exp);
  const sum = powers.reduce((a, b) => a + b);
  return powers.map((power) => power / sum);
}
