import {type Distribution, valuesOf} from '../space/distribution.ts';
import type {SweepParameter} from '../sweep/sweep.ts';

/** The number of combinations in a grid. */
export function gridSize(parameters: readonly SweepParameter[]): number {
  return parameters.reduce((product, {distribution}) => product * choices(distribution).length, 1);
}

/** The combination of a number from 0 on, in which the last parameter changes fastest; undefined when all are had. */
export function gridPoint(parameters: readonly SweepParameter[], number: number): Record<string, unknown> | undefined {
  if (number >= gridSize(parameters)) return undefined;
  let rest = number;
  const picked = [...parameters].reverse().map(({name, distribution}) => {
    const values = choices(distribution);
    const value = values[rest % values.length];
    rest = Math.floor(rest / values.length);
    return [name, value] as const;
  });
  return Object.fromEntries(picked.reverse());
}

function choices(distribution: Distribution): readonly unknown[] {
  if (distribution.kind === 'constant') return [distribution.value];
  return distribution.kind === 'categorical' ? distribution.values : (valuesOf(distribution) ?? []);
}
