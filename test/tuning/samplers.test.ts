import {expect} from 'chai';
import {gridPoint, gridSize} from '../../src/tuning/samplers/grid-sampler.ts';
import {compareObservations, type Observation} from '../../src/tuning/samplers/observation.ts';
import {ParzenEstimator} from '../../src/tuning/samplers/parzen.ts';
import {randomOf, suggestRandomly} from '../../src/tuning/samplers/random-sampler.ts';
import {suggestByTpe} from '../../src/tuning/samplers/tpe-sampler.ts';
import type {SweepParameter} from '../../src/tuning/sweep/sweep.ts';

const PARAMETERS: SweepParameter[] = [
  {name: 'lr', flag: 'lr', distribution: {kind: 'numeric', name: 'log_uniform_values', numbers: {min: 1e-5, max: 1}}},
  {name: 'dropout', flag: 'dropout', distribution: {kind: 'numeric', name: 'uniform', numbers: {min: 0, max: 1}}},
  {name: 'size', flag: 'size', distribution: {kind: 'numeric', name: 'int_uniform', numbers: {min: 1, max: 64}}},
  {
    name: 'arch',
    flag: 'arch',
    distribution: {kind: 'categorical', values: ['a', 'b', 'c', 'd'], probabilities: [0.25, 0.25, 0.25, 0.25]},
  },
];

/** A surface like that of a training: a valley in log lr, a slope of dropout, a valley in size, one good network. */
function surface({lr, dropout, size, arch}: Record<string, unknown>): number {
  const a = Math.log10(lr as number) + 2.7;
  return a * a + 2 * ((dropout as number) - 0.3) ** 2 + (((size as number) - 20) / 32) ** 2 + (arch === 'c' ? 0 : 0.5);
}

type Suggest = (observations: readonly Observation[], seed: number, trial: number) => Record<string, unknown>;
const byTpe: Suggest = (observations, seed, trial) => suggestByTpe(PARAMETERS, observations, randomOf(seed, trial));
const randomly: Suggest = (_, seed, trial) => suggestRandomly(PARAMETERS, randomOf(seed, trial));

/** The number of trials until the surface is as low as `goal`. */
function trialsUntil(goal: number, suggest: Suggest, seed: number): number {
  const observations: Observation[] = [];
  for (let trial = 1; trial <= 2000; trial++) {
    const parameters = suggest(observations, seed, trial);
    const loss = surface(parameters);
    if (loss <= goal) return trial;
    observations.push({parameters, loss: [loss]});
  }
  return 2000;
}

const median = (values: number[]) => values.sort((a, b) => a - b)[values.length >> 1];

describe('samplers', () => {
  it('TPE needs at most half of the trials of random search for the same value, in the median of 20 seeds', () => {
    const seeds = Array.from({length: 20}, (_, i) => i + 1);
    const goal = 0.08;
    const [tpe, random] = [byTpe, randomly].map((suggest) =>
      median(seeds.map((seed) => trialsUntil(goal, suggest, seed))),
    );
    expect(random).to.be.above(60);
    expect(tpe, `random needs ${random}`).to.be.at.most(random / 2);
  });

  it('suggest the same for the same seed, trial and observations, and something else otherwise', () => {
    const observations = Array.from({length: 15}, (_, i) => {
      const parameters = randomly([], 5, i);
      return {parameters, loss: [surface(parameters)]};
    });
    for (const suggest of [byTpe, randomly]) {
      expect(suggest(observations, 1, 16)).to.deep.equal(suggest(observations, 1, 16));
      expect(suggest(observations, 1, 16)).not.to.deep.equal(suggest(observations, 1, 17));
      expect(suggest(observations, 1, 16)).not.to.deep.equal(suggest(observations, 2, 16));
    }
    expect(byTpe(observations.slice(0, 9), 1, 10), 'the first ten are random').to.deep.equal(randomly([], 1, 10));
  });

  it('grid has every combination once, the last parameter fastest', () => {
    const grid: SweepParameter[] = [
      {name: 'a', flag: 'a', distribution: {kind: 'categorical', values: [1, 2], probabilities: [0.5, 0.5]}},
      {name: 'b', flag: 'b', distribution: {kind: 'constant', value: 'x'}},
      {name: 'c', flag: 'c', distribution: {kind: 'numeric', name: 'int_uniform', numbers: {min: 4, max: 6}}},
    ];
    expect(gridSize(grid)).to.equal(6);
    const all = Array.from({length: 6}, (_, i) => gridPoint(grid, i)!);
    expect(all.map(({a, c}) => `${a}${c}`)).to.deep.equal(['14', '15', '16', '24', '25', '26']);
    expect(gridPoint(grid, 6)).to.equal(undefined);
  });

  it('rank trials that were stopped late before those stopped early, and both behind the others', () => {
    const at = (loss: number, stoppedAfter?: number): Observation => ({
      parameters: {},
      loss: [loss],
      ...(stoppedAfter === undefined ? {} : {stoppedAfter}),
    });
    const ranked = [at(1, 3), at(9), at(2, 9), at(5), at(0, 3)].sort(compareObservations);
    expect(ranked.map(({loss}) => loss[0])).to.deep.equal([5, 9, 2, 0, 1]);
  });

  it('the density of the Parzen estimator has area 1, and draws come from it', () => {
    const estimator = new ParzenEstimator([0.1, 0.12, 0.15, 0.8], [1, 1, 1, 1]);
    const steps = 10_000;
    const area = (to: number) =>
      Array.from({length: Math.round(to * steps)}, (_, i) => Math.exp(estimator.logDensity((i + 0.5) / steps)) / steps);
    expect(area(1).reduce((sum, each) => sum + each)).to.be.closeTo(1, 1e-3);
    const random = randomOf(1, 1);
    const below = Array.from({length: 5000}, () => estimator.draw(random)).filter((x) => x < 0.3).length / 5000;
    expect(below).to.be.closeTo(
      area(0.3).reduce((sum, each) => sum + each),
      0.03,
    );
  });
});
