import {defined} from '../../common/defined.ts';
import {Graph} from '../../onnx/graph.ts';
import type {Value} from '../../onnx/types.ts';
import type {PixelNormalization} from '../layers/pixels.ts';
import {TrainingLayers} from '../layers/training-layers.ts';
import {classifyFeatures, type Network} from '../networks/network.ts';
import {softmaxCrossEntropy} from '../operators/loss.ts';
import type {Optimizer} from '../optimizers.ts';
import type {Layout} from '../parameters.ts';
import {WeightStore, type Weights} from '../weights.ts';
import {Tape} from './tape.ts';
import {addUpdate, outputUpdate} from './update.ts';

export interface StepOptions {
  network: Network;
  layout: Layout;
  optimizer: Optimizer;
  batchSize: number;
  height: number;
  width: number;
  classes: number;
  labelSmoothing: number;
  dropout: number;
  /** Largest norm of the gradient; 0 for no limit. */
  clipNorm: number;
  /** Factors of the learning rate by the names of parameters; 1 for all others. */
  rates?: ReadonlyMap<string, number>;
  /** Values of what does not learn, which the layout leaves out. */
  frozen?: Weights;
  /** Whether batch normalization uses the running statistics, which then stay as they are. */
  freezeStatistics?: boolean;
  normalization?: PixelNormalization;
  /** The length of the features that are the input in place of pictures, where the classifier alone learns. */
  features?: number;
}

export interface StepGraph {
  graph: Graph;
  /** Each state vector is an input by its name and an output as `next.<name>`. */
  state: {name: string; length: number}[];
  scalars: string[];
  noise: {name: string; shape: number[]}[];
}

/**
 * One training step as a graph: forward pass, loss, backward pass, optimizer, running statistics, and the exponential
 * moving averages of weights and statistics.
 *
 * Inputs: `image` uint8 [N, H, W, 3], or `features` float32 [N, F]; `target` float32 [N, C], distributions over the labels; the
 * state vectors; scalars.
 * Outputs: `loss` [], `logits` [N, C], and `next.<name>` for each state vector.
 */
export function buildStepGraph(options: StepOptions): StepGraph {
  const {network, layout, batchSize, height, width, classes} = options;
  const graph = new Graph();
  const input =
    options.features === undefined
      ? graph.input('image', 'uint8', [batchSize, height, width, 3])
      : graph.input('features', 'float32', [batchSize, options.features]);
  const target = graph.input('target', 'float32', [batchSize, classes]);
  const vector = (name: string, length: number): Value => graph.input(name, 'float32', [length]);
  const scalar = (name: string): Value => graph.input(name, 'float32', []);

  const parameters = vector('parameters', layout.parameterCount);
  const statistics = layout.statisticCount > 0 ? vector('statistics', layout.statisticCount) : undefined;
  const tape = new Tape(graph);
  const {frozen, freezeStatistics} = options;
  const layers = new TrainingLayers(tape, {
    layout,
    parameters,
    statistics,
    ...defined({frozen: frozen && new WeightStore(frozen), freezeStatistics}),
  });
  const build = {classes, dropout: options.dropout, ...defined({normalization: options.normalization})};
  const {logits} =
    options.features === undefined
      ? network.build(layers, input, build)
      : classifyFeatures(layers, input, build, network.parts?.classifier);
  const loss = tape.apply(softmaxCrossEntropy, [logits, target], {smoothing: options.labelSmoothing}).output;

  const update = addUpdate(tape, layers, loss, {parameters, statistics, vector, scalar}, options);
  graph.output('loss', loss);
  graph.output('logits', logits);
  return {
    graph,
    ...outputUpdate(graph, update),
    noise: layers.noise.map(({name, shape}) => ({name, shape: shape as number[]})),
  };
}
