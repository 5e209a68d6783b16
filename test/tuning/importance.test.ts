import {expect} from 'chai';
import {importances} from '../../src/tuning/importance/importance.ts';
import {renderTuningPage} from '../../src/tuning/report/page.ts';
import {randomOf, suggestRandomly} from '../../src/tuning/samplers/random-sampler.ts';
import type {Trial} from '../../src/tuning/study/trial.ts';
import type {Sweep, SweepParameter} from '../../src/tuning/sweep/sweep.ts';

const number = (name: string): SweepParameter => ({
  name,
  flag: name,
  distribution: {kind: 'numeric', name: 'uniform', numbers: {min: 0, max: 1}},
});
const PARAMETERS: SweepParameter[] = [
  number('strong'),
  number('weak'),
  number('none'),
  {name: 'kind', flag: 'kind', distribution: {kind: 'categorical', values: ['x', 'y'], probabilities: [0.5, 0.5]}},
];

describe('the importance of parameters', () => {
  it('is in the order of their effects, with their directions, and near 0 for those without one', () => {
    const observations = Array.from({length: 60}, (_, i) => {
      const parameters = suggestRandomly(PARAMETERS, randomOf(4, i));
      const {strong, weak, kind} = parameters as {strong: number; weak: number; kind: string};
      return {parameters, loss: [-4 * strong + 2 * weak + (kind === 'x' ? 2 : 0)]};
    });
    const found = importances(PARAMETERS, observations)!;
    expect(found.map(({name}) => name)).to.deep.equal(['strong', 'kind', 'weak', 'none']);
    expect(found.reduce((sum, {share}) => sum + share, 0)).to.be.closeTo(1, 1e-9);
    const {strong, weak, none, kind} = Object.fromEntries(found.map((each) => [each.name, each]));
    expect(strong.share).to.be.above(0.5);
    expect(none.share).to.be.below(0.05);
    expect(strong.correlation).to.be.above(0.6);
    expect(weak.correlation).to.be.below(0);
    expect(kind.correlation).to.equal(null);
    expect(importances(PARAMETERS, observations.slice(0, 7)), 'too few').to.equal(undefined);
  });
});

describe('the page of a search', () => {
  const sweep: Sweep = {
    method: 'random',
    metric: {name: 'val/accuracy', goal: 'maximize', impute: 'worst'},
    parameters: [
      ...PARAMETERS.slice(0, 2),
      {
        name: '<img src=x>',
        flag: 'a',
        distribution: {kind: 'categorical', values: ['</style>', 'b'], probabilities: [0.5, 0.5]},
      },
    ],
    notes: [],
  };
  const trial = (i: number): Trial => ({
    number: i,
    parameters: suggestRandomly(sweep.parameters, randomOf(1, i)),
    run: `trials/${i}`,
    state: i === 3 ? 'failed' : i % 4 === 0 ? 'stopped' : 'finished',
    ...(i === 3 ? {error: {code: 'X', message: '<b>'}} : {}),
    epochs:
      i === 3
        ? []
        : [1, 2].map((epoch) => ({
            epoch,
            'val/loss': 1 / i,
            'val/accuracy': 0.9 + i / 1000,
            'train/loss': 1,
            'train/accuracy': 0.5,
          })),
    seconds: 1,
  });
  const page = (count: number) =>
    renderTuningPage({
      record: {format: 1, name: '<script>', date: '', sweep: {file: 's', text: 'a: <i>\nb: 2'}, seed: 1, fixed: []},
      sweep,
      trials: Array.from({length: count}, (_, i) => trial(i + 1)),
      use: 'rice predict',
      further: 'rice tune',
      version: '1',
    });

  it('shows the best, escapes every name, and loads nothing', () => {
    const text = page(12);
    expect(text).to.contain('<h1>91.20%</h1>');
    expect(text).not.to.match(/<(script|img|i|b)[ >]|https?:/);
    expect(text.match(/<\/style>/g)).to.have.length(1);
    expect(text).to.contain("default-src 'none'");
    for (const id of ['best', 'history', 'importance', 'coordinates', 'courses', 'trials', 'about'])
      expect(text).to.contain(`<section id="${id}">`);
    expect(text.match(/class="course first"/g)).to.have.length(2 + 1);
  });

  it('is there for a search without trials, and with one', () => {
    expect(page(0)).to.contain('<h1>no trial yet</h1>').and.not.contain('NaN');
    expect(page(1)).to.contain('<h1>90.10%</h1>').and.not.contain('NaN');
  });
});
