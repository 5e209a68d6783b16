import {Graph} from '../../onnx/graph.ts';
import {EvaluationLayers} from '../layers/evaluation-layers.ts';
import type {Network} from '../networks/network.ts';
import type {Layout} from '../parameters.ts';

/**
 * The network in its inference form, with the weights as inputs; the worker evaluates each epoch with it.
 * Inputs: `image` uint8 [N, H, W, 3], `parameters`, `statistics`. Output: `logits` float32 [N, C].
 */
export function buildEvaluationGraph(
  network: Network,
  layout: Layout,
  size: {height: number; width: number},
  classes: number,
): Graph {
  const graph = new Graph();
  const image = graph.input('image', 'uint8', ['N', size.height, size.width, 3]);
  const parameters = graph.input('parameters', 'float32', [layout.parameterCount]);
  const statistics = graph.input('statistics', 'float32', [layout.statisticCount]);
  const layers = new EvaluationLayers(graph, parameters, statistics, layout);
  graph.output('logits', network.build(layers, image, {classes, dropout: 0}).logits);
  return graph;
}
