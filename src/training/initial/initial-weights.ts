import {RiceError} from '../../common/errors.ts';
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

/** At most so many tensors are named in an error. */
const NAMED = 6;

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

/**
 * Replaces weights by those of the same name. Apart from the classifier, all must be there, in the same shape, and nothing else.
 *
 * @throws RiceError WEIGHTS_MISMATCH, which lists names and shapes
 */
function takeOver(
  {layout, parameters, statistics}: Weights,
  parts: NetworkParts,
  {tensors, labels: learntLabels}: LearntWeights,
  labels: readonly string[],
): void {
  const problems: string[] = [];
  const fill = (vector: Float32Array, name: string, {offset}: Placed, shape: readonly number[], transposed = false) => {
    const found = tensors.get(name);
    const expected = transposed ? [...shape].reverse() : shape;
    if (!found) problems.push(`${name} [${expected}] is missing`);
    else if (`${found.shape}` !== `${expected}`) problems.push(`${name} is [${found.shape}], not [${expected}]`);
    else vector.set(transposed ? transpose(found.data, expected) : found.data, offset);
  };
  for (const placed of layout.parameters) {
    if (isOfClassifier(parts, placed.name)) takeRows(parameters, placed, tensors, learntLabels, labels);
    else fill(parameters, placed.name, placed, placed.shape, placed.transposed);
  }
  for (const placed of layout.statistics) fill(statistics, placed.name, placed, [placed.length]);
  const known = new Set([...layout.parameters, ...layout.statistics].map(({name}) => name));
  for (const [name, {shape}] of tensors)
    if (!known.has(name) && !isOfClassifier(parts, name)) problems.push(`${name} [${shape}] is not in the network`);
  if (problems.length === 0) return;
  const more = problems.length - NAMED;
  throw new RiceError(
    'WEIGHTS_MISMATCH',
    `the weights are not those of this network: ${problems.slice(0, NAMED).join('; ')}${more > 0 ? `; and ${more} more` : ''}`,
  );
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
