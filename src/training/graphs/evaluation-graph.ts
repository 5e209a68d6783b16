import {defined} from '../../common/defined.ts';
import {Graph} from '../../onnx/graph.ts';
import {EvaluationLayers} from '../layers/evaluation-layers.ts';
import type {PixelNormalization} from '../layers/pixels.ts';
import {classifyFeatures, type Network} from '../networks/network.ts';
import type {Layout} from '../parameters.ts';
import {WeightStore, type Weights} from '../weights.ts';

export interface EvaluationOptions {
  /** Values of what does not learn, which the layout leaves out. */
  frozen?: Weights;
  normalization?: PixelNormalization;
  /** The length of the features that are the input in place of pictures. */
  features?: number;
}

/**
 * The network in its inference form, with the weights as inputs; the worker evaluates each epoch with it.
 * Inputs: `image` uint8 [N, H, W, 3] or `features` float32 [N, F], `parameters`, and `statistics` if there are any. Output: `logits`
 * float32 [N, C].
 */
export function buildEvaluationGraph(
  network: Network,
  layout: Layout,
  size: {height: number; width: number},
  classes: number,
  {frozen, normalization, features}: EvaluationOptions = {},
): Graph {
  const graph = new Graph();
  const input =
    features === undefined
      ? graph.input('image', 'uint8', ['N', size.height, size.width, 3])
      : graph.input('features', 'float32', ['N', features]);
  const vector = (name: string, length: number) => graph.input(name, 'float32', [length]);
  const layers = new EvaluationLayers(graph, {
    layout,
    parameters: vector('parameters', layout.parameterCount),
    statistics: layout.statisticCount > 0 ? vector('statistics', layout.statisticCount) : undefined,
    frozen: frozen ? new WeightStore(frozen) : new WeightStore(),
  });
  const options = {classes, dropout: 0, ...defined({normalization})};
  const {logits} =
    features === undefined
      ? network.build(layers, input, options)
      : classifyFeatures(layers, input, options, network.parts?.classifier);
  graph.output('logits', logits);
  return graph;
}
