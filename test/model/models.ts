/** A tiny model with random weights, built with the exporter's graph. */
import {PREPARATION_VERSION} from '../../src/image/prepare.ts';
import {METADATA_KEY, type RiceMetadata} from '../../src/model/metadata.ts';
import {encodeModel} from '../../src/onnx/model.ts';
import {buildModelGraph} from '../../src/training/graphs/model-graph.ts';
import {layoutOf} from '../../src/training/layers/layout-layers.ts';
import type {Network} from '../../src/training/networks/network.ts';
import {classify} from '../../src/training/networks/network.ts';
import {initialParameters, initialStatistics} from '../../src/training/parameters.ts';

const INPUT = {width: 60, height: 28};
const LABELS = ['long', 'round', 'slim'];

const NETWORK: Network = {
  summary: 'one convolution',
  build: (layers, image, head) =>
    classify(layers, layers.convolution('conv', layers.pixels(image), {filters: 8, kernel: 3, stride: 2}), head),
};

export function modelMetadata(): RiceMetadata {
  const label = {long: 1, round: 1, slim: 1};
  return {
    schema: 1,
    name: 'tiny',
    version: '0.1.0',
    labels: LABELS,
    input: {...INPUT, resize: 'aligned-grain', preparation: PREPARATION_VERSION},
    temperature: 1,
    unknown: {confidence: 0},
    training: {
      network: 'tiny',
      parameters: 1,
      dataset: {digest: 'd', images: 3, labels: label},
      split: {seed: 0, fractions: {train: 0.8, validation: 0.1, test: 0.1}},
      seed: 1,
      epochs: 1,
      device: 'cpu',
      configuration: {},
      weights: 'w',
      onnxruntime: '1',
      date: '2020-01-01',
    },
    accuracy: {validation: {images: 1, accuracy: 1}},
  };
}

/** The model file, with any metadata. */
export function modelFile(metadata: object = modelMetadata(), entries?: Record<string, string>): Uint8Array {
  const layout = layoutOf(NETWORK, INPUT, LABELS.length);
  const trained = {
    network: NETWORK,
    layout,
    parameters: initialParameters(layout, 1),
    statistics: initialStatistics(layout),
  };
  const {graph} = buildModelGraph(trained, INPUT, LABELS.length, {temperature: 1});
  return encodeModel(graph.toProto('tiny'), entries ?? {[METADATA_KEY]: JSON.stringify(metadata)});
}
