import type {Random} from '../../training/random.ts';
import {type Distribution, positionOf, quantileOf} from '../space/distribution.ts';
import type {SweepParameter} from '../sweep/sweep.ts';
import {compareObservations, type Observation} from './observation.ts';
import {ParzenEstimator} from './parzen.ts';
import {drawIndex, suggestRandomly} from './random-sampler.ts';

/** The defaults of Optuna 5 (`TPESampler`). */
const STARTUP_TRIALS = 10;
const CANDIDATES = 24;
const GOOD_SHARE = 0.1;
const MOST_GOOD = 25;
/** So many of the newest observations count in full; older ones less and less. */
const NEWEST = 25;

/**
 * The tree-structured Parzen estimator (Bergstra et al. 2011, section 4; Bergstra, Yamins & Cox 2013, "Making a Science of
 * Model Search"): the observations are divided into the good tenth and the others, a density is fitted to each, l and g,
 * and of some candidates drawn from l the one with the largest l/g is taken, which maximizes the expected improvement. Each
 * parameter by itself, in units of its own distribution, which are uniform on [0, 1]. The first trials are random.
 *
 * @param observations in the order of their trials
 */
export function suggestByTpe(
  parameters: readonly SweepParameter[],
  observations: readonly Observation[],
  random: Random,
): Record<string, unknown> {
  const prior = suggestRandomly(parameters, random);
  if (observations.length < STARTUP_TRIALS) return prior;
  const ranked = [...observations].sort(compareObservations);
  const good = new Set(ranked.slice(0, Math.min(Math.ceil(GOOD_SHARE * ranked.length), MOST_GOOD)));
  const [below, above] = [
    observations.filter((each) => good.has(each)),
    observations.filter((each) => !good.has(each)),
  ];
  return Object.fromEntries(
    parameters.map(({name, distribution}) => {
      const values = (group: readonly Observation[]) => group.map((each) => each.parameters[name]);
      return [name, choose(distribution, values(below), values(above), random)];
    }),
  );
}

function choose(
  distribution: Distribution,
  below: readonly unknown[],
  above: readonly unknown[],
  random: Random,
): unknown {
  if (distribution.kind === 'constant') return distribution.value;
  if (distribution.kind === 'categorical') {
    const {values, probabilities} = distribution;
    const [good, bad] = [below, above].map((group) => shares(values, probabilities, group));
    return values[
      best(
        () => drawIndex(good, random),
        (i) => Math.log(good[i]) - Math.log(bad[i]),
      )
    ];
  }
  const [good, bad] = [below, above].map((group) => {
    return new ParzenEstimator(
      group.map((value) => positionOf(distribution, value as number)),
      weightsByAge(group.length),
    );
  });
  return quantileOf(
    distribution,
    best(
      () => good.draw(random),
      (x) => good.logDensity(x) - bad.logDensity(x),
    ),
  );
}

/** Of some candidates the one with the highest score. */
function best(draw: () => number, score: (candidate: number) => number): number {
  const candidates = Array.from({length: CANDIDATES}, draw);
  return candidates.reduce((a, b) => (score(b) > score(a) ? b : a));
}

/** How often each value was observed, with the prior as if each had been so often as there are values (hyperopt). */
function shares(values: readonly unknown[], prior: readonly number[], observed: readonly unknown[]): number[] {
  const weights = weightsByAge(observed.length);
  const counts = values.map((value, i) => {
    const seen = observed.reduce<number>((sum, each, k) => sum + (each === value ? weights[k] : 0), 0);
    return seen + prior[i] * values.length;
  });
  const total = counts.reduce((sum, count) => sum + count, 0);
  return counts.map((count) => count / total);
}

/** The newest observations weigh 1; those before rise linearly from 1/n. */
function weightsByAge(count: number): number[] {
  const ramp = Math.max(0, count - NEWEST);
  return Array.from({length: count}, (_, i) => {
    if (i >= ramp) return 1;
    return ramp === 1 ? 1 / count : 1 / count + (i / (ramp - 1)) * (1 - 1 / count);
  });
}
