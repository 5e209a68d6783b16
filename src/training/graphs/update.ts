/** The second half of a training step, the same for every network: from the loss to the next state. */
import type {Graph} from '../../onnx/graph.ts';
import type {Value} from '../../onnx/types.ts';
import type {TrainingLayers} from '../layers/training-layers.ts';
import {concatenate} from '../operators/concatenate.ts';
import {reshape} from '../operators/operator.ts';
import {average, clipByNorm, type Optimizer} from '../optimizers.ts';
import type {Layout} from '../parameters.ts';
import type {Tape} from './tape.ts';

export interface UpdateOptions {
  layout: Layout;
  optimizer: Optimizer;
  /** Largest norm of the gradient; 0 for no limit. */
  clipNorm: number;
  /** Factors of the learning rate by the names of parameters; 1 for all others. */
  rates?: ReadonlyMap<string, number>;
}

/** The state before the step, and how further inputs are declared. */
export interface UpdateInputs {
  parameters: Value;
  /** Missing where nothing has running statistics. */
  statistics: Value | undefined;
  vector(name: string, length: number): Value;
  scalar(name: string): Value;
}

export interface Update {
  /** The state vectors after the step. */
  vectors: Record<string, Value>;
  scalars: string[];
}

/**
 * Adds the backward pass, clipping, the optimizer, the running statistics, and the exponential moving averages of weights and
 * statistics.
 */
export function addUpdate(
  tape: Tape,
  layers: TrainingLayers,
  loss: Value,
  {parameters, statistics, vector, scalar}: UpdateInputs,
  {layout, optimizer, clipNorm, rates}: UpdateOptions,
): Update {
  const {graph} = tape;
  const variables = layout.parameters.map(({name}) => layers.parameters.get(name)!);
  const pieces = tape.gradients(loss, variables).map((gradient) => reshape(graph, gradient, -1));
  const whole = concatenate(graph, pieces, 0);
  const gradient = clipNorm > 0 ? clipByNorm(graph, whole, clipNorm) : whole;

  const optimizerScalars = Object.keys(optimizer.scalars(1));
  const updated = optimizer.update(
    graph,
    {
      parameters,
      gradient,
      learningRate: learningRates(graph, scalar('learningRate'), layout, rates),
      weightDecay: scalar('weightDecay'),
      state: Object.fromEntries(optimizer.state.map((name) => [name, vector(name, layout.parameterCount)])),
      scalars: Object.fromEntries(optimizerScalars.map((name) => [name, scalar(name)])),
    },
    layout,
  );
  const momentum = scalar('statisticsMomentum');
  const decay = scalar('averageDecay');
  const rest = graph.node('Sub', [graph.scalar(1), decay]);
  const averaged = (name: string, length: number, now: Value): Value =>
    average(graph, vector(name, length), now, decay, rest);
  const followed = statistics && followStatistics(graph, statistics, layers, layout, momentum);
  const vectors = {
    parameters: updated.parameters,
    ...updated.state,
    ...(followed ? {statistics: followed} : {}),
    averagedParameters: averaged('averagedParameters', layout.parameterCount, updated.parameters),
    ...(followed ? {averagedStatistics: averaged('averagedStatistics', layout.statisticCount, followed)} : {}),
  };
  return {
    vectors,
    scalars: ['learningRate', 'weightDecay', ...optimizerScalars, 'statisticsMomentum', 'averageDecay'],
  };
}

/** The running statistics after the batch; frozen ones stay as they are. */
function followStatistics(
  graph: Graph,
  statistics: Value,
  layers: TrainingLayers,
  layout: Layout,
  momentum: Value,
): Value {
  const batch = layout.statistics.map(({name}) => layers.batchStatistics.get(name));
  if (batch.includes(undefined)) return statistics;
  const kept = graph.node('Sub', [graph.scalar(1), momentum]);
  return average(graph, statistics, concatenate(graph, batch as Value[], 0), kept, momentum);
}

/** The learning rate of each parameter: one for all, or a vector. */
function learningRates(
  graph: Graph,
  rate: Value,
  layout: Layout,
  rates: ReadonlyMap<string, number> = NO_RATES,
): Value {
  const factors = layout.parameters.map(({name, length}) => ({factor: rates.get(name) ?? 1, length}));
  if (factors.every(({factor}) => factor === 1)) return rate;
  const runs: {factor: number; length: number}[] = [];
  for (const {factor, length} of factors) {
    const last = runs[runs.length - 1];
    if (last?.factor === factor) last.length += length;
    else runs.push({factor, length});
  }
  // Constants, but as long as all parameters: written as what they are, they stay out of the file.
  const pieces = runs.map(({factor, length}) => graph.node('Expand', [graph.scalar(factor), graph.integers(length)]));
  return graph.node('Mul', [concatenate(graph, pieces, 0), rate]);
}

const NO_RATES: ReadonlyMap<string, number> = new Map();

/** Declares the next state as outputs, `next.<name>` each; returns what a caller must know to feed them back. */
export function outputUpdate(
  graph: Graph,
  {vectors, scalars}: Update,
): {state: {name: string; length: number}[]; scalars: string[]} {
  for (const [name, value] of Object.entries(vectors)) graph.output(`next.${name}`, value);
  const state = Object.entries(vectors).map(([name, value]) => ({name, length: value.shape[0] as number}));
  return {state, scalars};
}
