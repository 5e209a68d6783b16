import type {Network, NetworkParts} from '../networks/network.ts';
import {initialParameters, initialStatistics, type Layout, type ParameterSpec, type Placed} from '../parameters.ts';
import type {Weights} from '../weights.ts';
import {isOfClassifier} from './groups.ts';
import {transpose} from './transpose.ts';

/** Named tensors as PyTorch has them: dense weights are [outputs, inputs]. */
export type NamedTensors = ReadonlyMap<string, {shape: readonly number[]; data: Float32Array}>;

export interface LearntWeights {
  tensors: NamedTensors;
  /** What the rows of its classifier stand for, if that is known. */
  labels?: readonly string[];
}

/** The weights before the first step: drawn by the seed, or those that others trained, apart from the classifier. */
export function initialWeights(
  network: Network,
  layout: Layout,
  seed: number,
  learnt?: LearntWeights,
  labels: readonly string[] = [],
): Weights {
  const weights = {layout, parameters: initialParameters(layout, seed), statistics: initialStatistics(layout)};
  if (learnt) takeOver(weights, network.parts!, learnt, labels);
  return weights;
}

/** Replaces weights by those of the same name, which `checkWeights` has found to be all there. */
function takeOver(
  {layout, parameters, statistics}: Weights,
  parts: NetworkParts,
  {tensors, labels: learntLabels}: LearntWeights,
  labels: readonly string[],
): void {
  for (const placed of layout.parameters) {
    const {name, shape, offset, transposed} = placed;
    if (isOfClassifier(parts, name)) takeRows(parameters, placed, tensors, learntLabels, labels);
    else {
      const {data} = tensors.get(name)!;
      parameters.set(transposed ? transpose(data, [...shape].reverse()) : data, offset);
    }
  }
  for (const {name, offset} of layout.statistics) statistics.set(tensors.get(name)!.data, offset);
}

/** The classifier's weights for labels of the same names; the others stay as they were drawn. */
function takeRows(
  parameters: Float32Array,
  {name, shape, offset}: ParameterSpec & Placed,
  tensors: NamedTensors,
  from: readonly string[] | undefined,
  to: readonly string[],
): void {
  const data = tensors.get(name)?.data;
  if (!from || !data) return;
  const inputs = shape.length === 1 ? 1 : shape[0];
  if (data.length !== inputs * from.length) return;
  to.forEach((label, row) => {
    const other = from.indexOf(label);
    if (other < 0) return;
    for (let i = 0; i < inputs; i++) parameters[offset + i * to.length + row] = data[other * inputs + i];
  });
}
