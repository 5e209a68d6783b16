import {Graph} from '../../onnx/graph.ts';
import type {Value} from '../../onnx/types.ts';
import {ExportLayers} from '../layers/export-layers.ts';
import {layoutBy} from '../layers/layout-layers.ts';
import {TrainingLayers} from '../layers/training-layers.ts';
import {FIELD_STRIDE, FIELDS, INPUT_CHANNELS, separationFields} from '../networks/separation.ts';
import {binaryCrossEntropy, pseudoHuber} from '../operators/pixel-loss.ts';
import type {Layout} from '../parameters.ts';
import {Tape} from './tape.ts';
import {addUpdate, outputUpdate, type UpdateOptions} from './update.ts';

/** Of the numbers' loss, in the fields' units: about two pixels of an offset. */
const BEND = 0.1;

export interface SeparationStepOptions extends UpdateOptions {
  batchSize: number;
  height: number;
  width: number;
}

/** The parameters and statistics of the network that separates grains. */
export function separationLayout(): Layout {
  return layoutBy((layers) => {
    separationFields(layers, layers.graph.input('input', 'float32', ['N', INPUT_CHANNELS, 'H', 'W']));
  });
}

/**
 * One training step of the network that separates grains.
 *
 * Inputs: `input` float32 [N, 3, H, W]; `target`, `numbers` and `answers` float32 [N, 7, H / 2, W / 2], of which the last two are
 * weights: of each field as a number, and as the logit of a yes or no. Then the state vectors and scalars, as in
 * `buildStepGraph`. Outputs: `loss` [] and `next.<name>` for each state vector.
 */
export function buildSeparationStep(options: SeparationStepOptions) {
  const {batchSize, height, width, layout} = options;
  const graph = new Graph();
  const fields = [batchSize, FIELDS.length, height / FIELD_STRIDE, width / FIELD_STRIDE];
  const input = graph.input('input', 'float32', [batchSize, INPUT_CHANNELS, height, width]);
  const [target, numbers, answers] = ['target', 'numbers', 'answers'].map((name) =>
    graph.input(name, 'float32', fields),
  );
  const vector = (name: string, length: number): Value => graph.input(name, 'float32', [length]);
  const scalar = (name: string): Value => graph.input(name, 'float32', []);
  const parameters = vector('parameters', layout.parameterCount);
  const statistics = vector('statistics', layout.statisticCount);
  const tape = new Tape(graph);
  const layers = new TrainingLayers(tape, parameters, layout);
  const output = separationFields(layers, input);
  const distance = tape.apply(pseudoHuber, [output, target, numbers], {bend: BEND}).output;
  const decided = tape.apply(binaryCrossEntropy, [output, target, answers], undefined).output;
  const loss = layers.residual(distance, decided);
  const update = addUpdate(tape, layers, loss, {parameters, statistics, vector, scalar}, options);
  graph.output('loss', loss);
  return {graph, ...outputUpdate(graph, update)};
}

/** The finished network, weights included, for any number of crops of any size: `input` to `fields`, as above. */
export function buildSeparationGraph(layout: Layout, parameters: Float32Array, statistics: Float32Array): Graph {
  const graph = new Graph();
  const input = graph.input('input', 'float32', ['N', INPUT_CHANNELS, 'H', 'W']);
  const layers = new ExportLayers(graph, parameters, statistics, layout);
  graph.output('fields', separationFields(layers, input));
  return graph;
}
