/** Models of rice's own networks with random weights, and of other tools, for explanations. */
import {METADATA_KEY} from '../../src/model/metadata.ts';
import {Graph} from '../../src/onnx/graph.ts';
import {encodeModel} from '../../src/onnx/model.ts';
import type {Value} from '../../src/onnx/types.ts';
import {buildModelGraph} from '../../src/training/graphs/model-graph.ts';
import {layoutOf} from '../../src/training/layers/layout-layers.ts';
import {classify, type Network} from '../../src/training/networks/network.ts';
import {initialParameters} from '../../src/training/parameters.ts';
import {randomValues} from '../helpers/run-graph.ts';
import {modelMetadata} from '../model/models.ts';

const SIZE = {width: 60, height: 28};

/** A model file of a network, with random weights, biases and statistics. */
export function networkModel(name: string, network: Network, temperature = 1.5): Uint8Array {
  const metadata = modelMetadata();
  const {labels} = metadata;
  const layout = layoutOf(network, SIZE, labels.length);
  const random = randomValues(layout.parameterCount, 3, -0.3, 0.3);
  const parameters = initialParameters(layout, 1).map((value, i) => (value === 0 ? random[i] : value));
  const statistics = Float32Array.from(randomValues(layout.statisticCount, 4, 0.5, 1.5));
  const {graph} = buildModelGraph({network, layout, parameters, statistics}, SIZE, labels.length, {temperature});
  const document = {...metadata, training: {...metadata.training, network: name}};
  return encodeModel(graph.toProto(name), {[METADATA_KEY]: JSON.stringify(document)});
}

/** A residual block behind a maximum, through which no score is followed: its own output is the finest map. */
export const residual: Network = {
  summary: 'a residual block',
  build(layers, image, head) {
    const stem = layers.convolution('stem', layers.pixels(image), {filters: 8, kernel: 3, stride: 2});
    const pooled = layers.maxPool(stem, {kernel: 3, stride: 2, padding: 1});
    const first = layers.convolution('first', pooled, {filters: 12, kernel: 3, stride: 2});
    const second = layers.convolution('second', first, {filters: 12, kernel: 3, activation: 'none'});
    const shortcut = layers.convolution('shortcut', pooled, {filters: 12, kernel: 1, stride: 2, activation: 'none'});
    return classify(layers, layers.activation(layers.residual(shortcut, second), 'relu'), head);
  },
};

/** What an external model sees: 32 x 24 pixels. */
export const EXTERNAL = {width: 32, height: 24};

/** A convolutional network as other tools export it, with a gated activation; `end` makes scores of its last feature map. */
export function externalNetwork(end: (graph: Graph, map: Value) => Value = pooled, output = 'scores'): Uint8Array {
  const graph = new Graph();
  const pixels = graph.input('pixels', 'float32', ['N', 3, EXTERNAL.height, EXTERNAL.width]);
  const weights = (seed: number, ...shape: number[]) =>
    graph.constant(
      Float32Array.from(
        randomValues(
          shape.reduce((a, b) => a * b, 1),
          seed,
          -0.3,
          0.3,
        ),
      ),
      shape,
    );
  const strided = {strides: [2, 2], pads: [1, 1, 1, 1], group: 1};
  const first = graph.node('Conv', [pixels, weights(1, 8, 3, 3, 3), weights(2, 8)], strided);
  const gated = graph.node('Mul', [first, graph.node('Sigmoid', [first])]);
  const second = graph.node('Conv', [gated, weights(3, 12, 8, 3, 3), weights(4, 12)], strided);
  graph.output(output, end(graph, graph.node('Relu', [second])));
  return encodeModel(graph.toProto('external'));
}

function pooled(graph: Graph, map: Value): Value {
  const features = graph.node('ReduceMean', [map], {axes: [2, 3], keepdims: 0});
  return graph.node('Gemm', [features, dense(graph, 12), graph.constant(Float32Array.of(0.1, -0.2, 0.3))]);
}

/** Scores that are no sums over the places of a map: the map's greatest numbers. */
export function greatest(graph: Graph, map: Value): Value {
  const features = graph.node('ReduceMax', [map], {axes: [2, 3], keepdims: 0});
  const squared = graph.node('Mul', [features, features]);
  return graph.node('MatMul', [squared, dense(graph, 12)]);
}

function dense(graph: Graph, inputs: number): Value {
  return graph.constant(Float32Array.from(randomValues(inputs * 3, 9)), [inputs, 3]);
}

/** The JSON file beside an external model. */
export const DESCRIPTION = {
  labels: ['blue', 'green', 'red'],
  input: {...EXTERNAL, layout: 'nchw'},
  mean: 0.5,
  std: 0.25,
  resize: 'crop',
  output: 'logits',
};
