import {Random} from '../../training/random.ts';
import {compareLosses, type Observation} from '../samplers/observation.ts';
import {type Distribution, positionOf} from '../space/distribution.ts';
import type {SweepParameter} from '../sweep/sweep.ts';
import {growForest, predictTree} from './forest.ts';

/** Fewer trials say nothing of importance. */
export const FEWEST_TRIALS = 8;

export interface Importance {
  name: string;
  /** Share of the importance of all parameters, from 0 to 1. */
  share: number;
  /** Spearman's rank correlation of the value with the goodness of the trial, from -1 to 1; null for categories. */
  correlation: number | null;
}

/**
 * How much each parameter mattered: by how much a random forest, which predicts the rank of a trial from its parameters,
 * errs more on trials that it has not seen when the values of this parameter are shuffled among them (permutation
 * importance, Breiman 2001, "Random Forests", section 10). Ranks in place of values, so that one trial that went wrong does
 * not hide all others. Undefined if there are too few trials.
 */
export function importances(
  parameters: readonly SweepParameter[],
  observations: readonly Observation[],
): Importance[] | undefined {
  const searched = parameters.filter(({distribution}) => distribution.kind !== 'constant');
  if (observations.length < FEWEST_TRIALS || searched.length === 0) return undefined;
  const goodness = ranks(observations.map(({loss}) => loss)).map((rank) => -rank);
  const encoded = searched.map(({name, distribution}) =>
    observations.map(({parameters: values}) => encode(distribution, values[name])),
  );
  const first = encoded.map((_, i) => encoded.slice(0, i).reduce((sum, columns) => sum + columns[0].length, 0));
  const rows = observations.map((_, i) => encoded.flatMap((columns) => columns[i]));
  const random = new Random(1, 'importance');
  const forest = growForest(rows, goodness, random);
  const raw = searched.map((_, p) => {
    let more = 0;
    for (const {tree, outside} of forest) {
      const shuffled = random.permutation(outside.length);
      outside.forEach((row, k) => {
        const changed = [...rows[row]];
        encoded[p][outside[shuffled[k]]].forEach((value, c) => {
          changed[first[p] + c] = value;
        });
        more += (predictTree(tree, changed) - goodness[row]) ** 2 - (predictTree(tree, rows[row]) - goodness[row]) ** 2;
      });
    }
    return Math.max(0, more);
  });
  const total = raw.reduce((sum, value) => sum + value, 0);
  return searched
    .map(({name, distribution}, p) => ({
      name,
      share: total > 0 ? raw[p] / total : 0,
      correlation:
        distribution.kind === 'numeric' ? correlation(ranks(encoded[p].map(([value]) => [value])), goodness) : null,
    }))
    .sort((a, b) => b.share - a.share);
}

/** A number as its position in its distribution, a category as one column for each. */
function encode(distribution: Distribution, value: unknown): number[] {
  if (distribution.kind === 'numeric') return [positionOf(distribution, value as number)];
  return distribution.kind === 'categorical' ? distribution.values.map((each) => (each === value ? 1 : 0)) : [];
}

/** Ranks from 0 on; equal ones share their mean rank. */
function ranks(values: readonly (readonly number[])[]): number[] {
  const order = values.map((_, i) => i).sort((a, b) => compareLosses(values[a], values[b]));
  const result: number[] = [];
  for (let from = 0; from < order.length; ) {
    let to = from;
    while (to < order.length && compareLosses(values[order[to]], values[order[from]]) === 0) to++;
    for (let k = from; k < to; k++) result[order[k]] = (from + to - 1) / 2;
    from = to;
  }
  return result;
}

/** Pearson's correlation; 0 where one of both does not vary. */
function correlation(a: readonly number[], b: readonly number[]): number {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [meanA, meanB] = [mean(a), mean(b)];
  const product = (x: readonly number[], mx: number, y: readonly number[], my: number) =>
    x.reduce((sum, value, i) => sum + (value - mx) * (y[i] - my), 0);
  const scale = Math.sqrt(product(a, meanA, a, meanA) * product(b, meanB, b, meanB));
  return scale > 0 ? product(a, meanA, b, meanB) / scale : 0;
}
