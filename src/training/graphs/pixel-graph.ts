import {Graph} from '../../onnx/graph.ts';
import type {Value} from '../../onnx/types.ts';
import {ExportLayers} from '../layers/export-layers.ts';
import {layoutBy} from '../layers/layout-layers.ts';
import {TrainingLayers} from '../layers/training-layers.ts';
import type {PixelNetwork} from '../networks/pixel-network.ts';
import {binaryCrossEntropy, pseudoHuber} from '../operators/pixel-loss.ts';
import type {Layout} from '../parameters.ts';
import {Tape} from './tape.ts';
import {addUpdate, outputUpdate, type UpdateOptions} from './update.ts';

/** Of the numbers' loss, in the outputs' units. */
const BEND = 0.1;

export interface PixelStepOptions extends UpdateOptions {
  batchSize: number;
  height: number;
  width: number;
}

/** The parameters and statistics of a network. */
export function pixelLayout({inputs, build}: PixelNetwork): Layout {
  return layoutBy((layers) => {
    build(layers, layers.graph.input('input', 'float32', ['N', inputs, 'H', 'W']));
  });
}

/**
 * One training step of a network that says something of each pixel.
 *
 * Inputs: `input` float32 [N, inputs, H, W]; `target`, `numbers` and `answers` in the shape of the output, of which the last two are
 * weights: of each output as a number, and as the logit of a yes or no. Then the state vectors and scalars, as in
 * `buildStepGraph`. Outputs: `loss` [] and `next.<name>` for each state vector.
 */
export function buildPixelStep({inputs, outputs, stride, build}: PixelNetwork, options: PixelStepOptions) {
  const {batchSize, height, width, layout} = options;
  const graph = new Graph();
  const shape = [batchSize, outputs, height / stride, width / stride];
  const input = graph.input('input', 'float32', [batchSize, inputs, height, width]);
  const [target, numbers, answers] = ['target', 'numbers', 'answers'].map((name) =>
    graph.input(name, 'float32', shape),
  );
  const vector = (name: string, length: number): Value => graph.input(name, 'float32', [length]);
  const scalar = (name: string): Value => graph.input(name, 'float32', []);
  const parameters = vector('parameters', layout.parameterCount);
  const statistics = vector('statistics', layout.statisticCount);
  const tape = new Tape(graph);
  const layers = new TrainingLayers(tape, {layout, parameters, statistics});
  const output = build(layers, input);
  const distance = tape.apply(pseudoHuber, [output, target, numbers], {bend: BEND}).output;
  const decided = tape.apply(binaryCrossEntropy, [output, target, answers], undefined).output;
  const loss = layers.residual(distance, decided);
  const update = addUpdate(tape, layers, loss, {parameters, statistics, vector, scalar}, options);
  graph.output('loss', loss);
  return {graph, ...outputUpdate(graph, update)};
}

/** The finished network, weights included, for any number of pictures of any size: `input` to `output`. */
export function buildPixelGraph(
  {inputs, build}: PixelNetwork,
  layout: Layout,
  parameters: Float32Array,
  statistics: Float32Array,
  output = 'output',
): Graph {
  const graph = new Graph();
  const input = graph.input('input', 'float32', ['N', inputs, 'H', 'W']);
  graph.output(output, build(new ExportLayers(graph, {layout, parameters, statistics}), input));
  return graph;
}
