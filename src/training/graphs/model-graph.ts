import {Graph} from '../../onnx/graph.ts';
import {ExportLayers} from '../layers/export-layers.ts';
import type {Network} from '../networks/network.ts';
import type {Layout} from '../parameters.ts';

export interface TrainedNetwork {
  network: Network;
  layout: Layout;
  parameters: Float32Array;
  statistics: Float32Array;
}

/**
 * The finished model, weights inside.
 * Input: `image` uint8 [N, H, W, 3]. Outputs: `probabilities` float32 [N, C], the softmax of the logits divided by the
 * temperature; `features` float32 [N, F], what the classifier saw.
 */
export function buildModelGraph(
  {network, layout, parameters, statistics}: TrainedNetwork,
  size: {height: number; width: number},
  classes: number,
  temperature: number,
): Graph {
  const graph = new Graph();
  const image = graph.input('image', 'uint8', ['N', size.height, size.width, 3]);
  const layers = new ExportLayers(graph, parameters, statistics, layout);
  const {features, logits} = network.build(layers, image, {classes, dropout: 0});
  const tempered = graph.node('Mul', [logits, graph.scalar(1 / temperature)]);
  graph.output('probabilities', graph.node('Softmax', [tempered], {axis: 1}));
  graph.output('features', features);
  return graph;
}
