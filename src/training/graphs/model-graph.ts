import {Graph} from '../../onnx/graph.ts';
import type {Value} from '../../onnx/types.ts';
import {ExportLayers} from '../layers/export-layers.ts';
import type {Network} from '../networks/network.ts';
import type {Layout} from '../parameters.ts';
import {type ClassDistances, distanceToNearest} from '../scores/class-distances.ts';

export interface TrainedNetwork {
  network: Network;
  layout: Layout;
  parameters: Float32Array;
  statistics: Float32Array;
}

/** What is fitted to a trained network's outputs before it is a model. */
export interface Calibration {
  /** By which the logits are divided. */
  temperature: number;
  /** Of the embeddings of known things; without it the model gives no `novelty`. */
  novelty?: ClassDistances;
  /** Of the captures of the training images; without it, or where the network measures none, no `capture`. */
  capture?: ClassDistances;
}

interface Size {
  height: number;
  width: number;
}

/**
 * The finished model, weights inside.
 * Input: `image` uint8 [N, H, W, 3]. Outputs: `probabilities` float32 [N, C], the softmax of the logits divided by the
 * temperature; `features` float32 [N, F], what the classifier saw; `novelty` float32 [N], the distance from all that is
 * known; `capture` float32 [N], the distance from the capture of the training images, where the network measures it.
 */
export function buildModelGraph(trained: TrainedNetwork, size: Size, classes: number, calibration: Calibration): Graph {
  const {graph, outputs} = build(trained, size, classes);
  const tempered = graph.node('Mul', [outputs.logits, graph.scalar(1 / calibration.temperature)]);
  graph.output('probabilities', graph.node('Softmax', [tempered], {axis: 1}));
  graph.output('features', outputs.features);
  if (calibration.novelty) graph.output('novelty', distanceToNearest(graph, outputs.embedding, calibration.novelty));
  if (outputs.capture && calibration.capture)
    graph.output('capture', distanceToNearest(graph, outputs.capture, calibration.capture));
  return graph;
}

/**
 * What a calibration is fitted to. Outputs: `logits` [N, C], `embedding` [N, D], and `capture` [N, K] where the network
 * measures it.
 */
export function buildCalibrationGraph(trained: TrainedNetwork, size: Size, classes: number): Graph {
  const {graph, outputs} = build(trained, size, classes);
  graph.output('logits', outputs.logits);
  graph.output('embedding', outputs.embedding);
  if (outputs.capture) graph.output('capture', outputs.capture);
  return graph;
}

function build({network, layout, parameters, statistics}: TrainedNetwork, {height, width}: Size, classes: number) {
  const graph = new Graph();
  const image: Value = graph.input('image', 'uint8', ['N', height, width, 3]);
  const layers = new ExportLayers(graph, parameters, statistics, layout);
  return {graph, outputs: network.build(layers, image, {classes, dropout: 0})};
}
