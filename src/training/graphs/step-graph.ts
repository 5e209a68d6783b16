import {Graph} from '../../onnx/graph.ts';
import type {Value} from '../../onnx/types.ts';
import {TrainingLayers} from '../layers/training-layers.ts';
import type {Network} from '../networks/network.ts';
import {concatenate} from '../operators/concatenate.ts';
import {softmaxCrossEntropy} from '../operators/loss.ts';
import {reshape} from '../operators/operator.ts';
import {average, clipByNorm, type Optimizer} from '../optimizers.ts';
import type {Layout} from '../parameters.ts';
import {Tape} from './tape.ts';

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
  const {network, layout, optimizer, batchSize, height, width, classes} = options;
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

  const variables = layout.parameters.map(({name}) => layers.parameters.get(name)!);
  const pieces = tape.gradients(loss, variables).map((gradient) => reshape(graph, gradient, -1));
  const whole = concatenate(graph, pieces, 0);
  const gradient = options.clipNorm > 0 ? clipByNorm(graph, whole, options.clipNorm) : whole;

  const optimizerScalars = Object.keys(optimizer.scalars(1));
  const updated = optimizer.update(
    graph,
    {
      parameters,
      gradient,
      learningRate: scalar('learningRate'),
      weightDecay: scalar('weightDecay'),
      state: Object.fromEntries(optimizer.state.map((name) => [name, vector(name, layout.parameterCount)])),
      scalars: Object.fromEntries(optimizerScalars.map((name) => [name, scalar(name)])),
    },
    layout,
  );
  const batchStatistics = layout.statistics.map(({name}) => layers.batchStatistics.get(name)!);
  const momentum = scalar('statisticsMomentum');
  const kept = graph.node('Sub', [graph.scalar(1), momentum]);
  const followed = average(graph, statistics, concatenate(graph, batchStatistics, 0), kept, momentum);

  const decay = scalar('averageDecay');
  const rest = graph.node('Sub', [graph.scalar(1), decay]);
  const averaged = (name: string, length: number, now: Value): Value =>
    average(graph, vector(name, length), now, decay, rest);
  const results = {
    parameters: updated.parameters,
    ...updated.state,
    statistics: followed,
    averagedParameters: averaged('averagedParameters', layout.parameterCount, updated.parameters),
    averagedStatistics: averaged('averagedStatistics', layout.statisticCount, followed),
  };
  graph.output('loss', loss);
  graph.output('logits', logits);
  for (const [name, value] of Object.entries(results)) graph.output(`next.${name}`, value);
  return {
    graph,
    state: Object.entries(results).map(([name, value]) => ({name, length: value.shape[0] as number})),
    scalars: ['learningRate', 'weightDecay', ...optimizerScalars, 'statisticsMomentum', 'averageDecay'],
    noise: layers.noise.map(({name, shape}) => ({name, shape: shape as number[]})),
  };
}
