import {Graph} from '../../onnx/graph.ts';
import type {Value} from '../../onnx/types.ts';
import {TrainingLayers} from '../layers/training-layers.ts';
import type {Network} from '../networks/network.ts';
import {softmaxCrossEntropy} from '../operators/loss.ts';
import type {Optimizer} from '../optimizers.ts';
import type {Layout} from '../parameters.ts';
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
 * Inputs: `image` uint8 [N, H, W, 3]; `target` float32 [N, C], distributions over the labels; the state vectors; scalars.
 * Outputs: `loss` [], `logits` [N, C], and `next.<name>` for each state vector.
 */
export function buildStepGraph(options: StepOptions): StepGraph {
  const {network, layout, batchSize, height, width, classes} = options;
  const graph = new Graph();
  const image = graph.input('image', 'uint8', [batchSize, height, width, 3]);
  const target = graph.input('target', 'float32', [batchSize, classes]);
  const vector = (name: string, length: number): Value => graph.input(name, 'float32', [length]);
  const scalar = (name: string): Value => graph.input(name, 'float32', []);

  const parameters = vector('parameters', layout.parameterCount);
  const statistics = vector('statistics', layout.statisticCount);
  const tape = new Tape(graph);
  const layers = new TrainingLayers(tape, parameters, layout);
  const {logits} = network.build(layers, image, {classes, dropout: options.dropout});
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
