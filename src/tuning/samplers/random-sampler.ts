import {Random} from '../../training/random.ts';
import {type Distribution, quantileOf} from '../space/distribution.ts';
import type {SweepParameter} from '../sweep/sweep.ts';

/** The generator of one trial: the same for the same seed and number, whatever ran before. */
export function randomOf(seed: number, trial: number): Random {
  return new Random(seed, 'tune', trial);
}

/** A value for each parameter, drawn from its distribution. */
export function suggestRandomly(parameters: readonly SweepParameter[], random: Random): Record<string, unknown> {
  return Object.fromEntries(parameters.map(({name, distribution}) => [name, draw(distribution, random)]));
}

function draw(distribution: Distribution, random: Random): unknown {
  if (distribution.kind === 'constant') return distribution.value;
  if (distribution.kind === 'categorical') return distribution.values[drawIndex(distribution.probabilities, random)];
  return quantileOf(distribution, random.uniform());
}

/** An index, each as likely as its weight; weights need not sum to 1. */
export function drawIndex(weights: readonly number[], random: Random): number {
  let left = random.uniform() * weights.reduce((sum, weight) => sum + weight, 0);
  const found = weights.findIndex((weight) => {
    left -= weight;
    return left < 0;
  });
  return found < 0 ? weights.findLastIndex((weight) => weight > 0) : found;
}
