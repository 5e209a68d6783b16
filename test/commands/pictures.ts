import {writeFileSync} from 'node:fs';
import {METADATA_KEY} from '../../src/model/metadata.ts';
import {Graph} from '../../src/onnx/graph.ts';
import {encodeModel} from '../../src/onnx/model.ts';
import {drawGrain, encodeJpeg} from '../helpers/images.ts';

export const LABELS = ['Blue', 'Red'];

/** A model that tells red grains from blue ones by their mean color, and knows neither when it is grey. */
export function writeColorModel(path: string, name = 'color'): void {
  const graph = new Graph();
  const image = graph.input('image', 'uint8', ['N', 56, 120, 3]);
  const features = graph.node('ReduceMean', [graph.node('Cast', [image], {to: 1})], {axes: [1, 2], keepdims: 0});
  const weights = graph.constant(Float32Array.of(-0.5, 0.5, 0, 0, 0.5, -0.5), [3, 2]);
  const probabilities = graph.node('Softmax', [graph.node('MatMul', [features, weights])], {axis: 1});
  graph.output('probabilities', probabilities);
  graph.output('features', features);
  writeFileSync(path, encodeModel(graph.toProto('color'), {[METADATA_KEY]: JSON.stringify(metadata(name))}));
}

function metadata(name: string) {
  return {
    schema: 1,
    name,
    version: '0.1.0',
    labels: LABELS,
    input: {width: 120, height: 56, resize: 'aligned-grain', preparation: 1},
    temperature: 1,
    unknown: {confidence: 0.9},
    training: {split: {seed: 1, fractions: {train: 0.5, validation: 0.25, test: 0.25}}},
    accuracy: {validation: {images: 1, accuracy: 1}},
  };
}

const COLORS = {Red: [230, 20, 20], Blue: [20, 20, 230], Grey: [120, 120, 120]} as const;

/** A JPEG of one grain on black; each seed gives other bytes. */
export function grainJpeg(color: keyof typeof COLORS, seed = 1): Buffer {
  const drawing = {size: 120, length: 70, width: 26, angle: (seed * 37) % 180, seed, noise: 3};
  return encodeJpeg(drawGrain({...drawing, colour: COLORS[color]}));
}
