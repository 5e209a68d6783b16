/**
 * The learnable parameters of a network and its running statistics, each in one flat vector: so the optimizer has a dozen
 * nodes for any network, and a checkpoint is a few vectors.
 */
import {Random} from './random.ts';

/** Initialization: He normal before a rectifier, uniform for a classifier, or a constant. */
export type Initial = 'he-normal' | 'uniform' | 0 | 1 | {constant: number};

export interface ParameterSpec {
  name: string;
  shape: number[];
  initial: Initial;
  /** Number of inputs that each output sums over. */
  fanIn: number;
  /** Whether weight decay applies: to the weights of convolutions and dense layers, not to biases and scales. */
  decayed: boolean;
  /** Whether PyTorch has it the other way round: [outputs, inputs]. */
  transposed?: true;
}

/** A running statistic of a batch normalization: one element per channel. */
export interface StatisticSpec {
  name: string;
  length: number;
  initial: 0 | 1;
  /** Of a variance: what is added to it. */
  epsilon?: number;
}

export interface Placed {
  offset: number;
  length: number;
}

/** Positions in the flat vectors. Decayed parameters come first, so that weight decay needs one slice. */
export interface Layout {
  parameters: (ParameterSpec & Placed)[];
  statistics: (StatisticSpec & Placed)[];
  parameterCount: number;
  decayedCount: number;
  statisticCount: number;
}

export function placeParameters(parameters: ParameterSpec[], statistics: StatisticSpec[]): Layout {
  const ordered = [...parameters.filter((spec) => spec.decayed), ...parameters.filter((spec) => !spec.decayed)];
  const placedParameters = place(ordered, ({shape}) => shape.reduce((product, size) => product * size, 1));
  const placedStatistics = place(statistics, ({length}) => length);
  const count = (specs: Placed[]): number => specs.reduce((sum, {length}) => sum + length, 0);
  return {
    parameters: placedParameters,
    statistics: placedStatistics,
    parameterCount: count(placedParameters),
    decayedCount: count(placedParameters.filter((spec) => spec.decayed)),
    statisticCount: count(placedStatistics),
  };
}

/** Draws the initial parameters. He et al. 2015 (arXiv:1502.01852): standard deviation sqrt(2 / fan-in). */
export function initialParameters(layout: Layout, seed: number): Float32Array {
  const values = new Float32Array(layout.parameterCount);
  for (const {name, offset, length, initial, fanIn} of layout.parameters) {
    const random = new Random(seed, 'initial', name);
    const bound = 1 / Math.sqrt(fanIn);
    for (let i = offset; i < offset + length; i++) {
      if (initial === 'he-normal') values[i] = random.normal() * Math.sqrt(2 / fanIn);
      else if (initial === 'uniform') values[i] = random.uniform(-bound, bound);
      else values[i] = typeof initial === 'object' ? initial.constant : initial;
    }
  }
  return values;
}

/** The running statistics before the first step: mean 0, variance 1. */
export function initialStatistics(layout: Layout): Float32Array {
  const values = new Float32Array(layout.statisticCount);
  for (const {offset, length, initial} of layout.statistics) values.fill(initial, offset, offset + length);
  return values;
}

function place<Spec>(specs: Spec[], lengthOf: (spec: Spec) => number): (Spec & Placed)[] {
  let offset = 0;
  return specs.map((spec) => {
    const placed = {...spec, offset, length: lengthOf(spec)};
    offset += placed.length;
    return placed;
  });
}
