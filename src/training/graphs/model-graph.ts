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

/** What is fitted to the outputs of a trained network. */
export interface Calibration {
  /** Divides the logits. */
  temperature: number;
  /** Fitted to the embeddings of known grains; without it the model has no output `novelty`. */
  novelty?: ClassDistances;
  /** Fitted to the captures of the training images; without it, or if the network measures none, no output `capture`. */
  capture?: ClassDistances;
}

interface Size {
  height: number;
  width: number;
}

/**
 * The finished model, including the weights.
 * Input: `image` uint8 [N, H, W, 3]. Outputs: `probabilities` float32 [N, C], the softmax of the logits divided by the
 * temperature; `features` float32 [N, F], the classifier's input; `novelty` float32 [N], the distance from all known
 * varieties; `capture` float32 [N], the distance from the capture of the training images, if the network measures it.
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
 * The graph to whose outputs a calibration is fitted: `logits` [N, C], `embedding` [N, D], and `capture` [N, K] if the
 * network measures it.
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
