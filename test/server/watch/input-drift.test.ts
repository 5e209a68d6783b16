import {expect} from 'chai';
import type {Distribution} from '../../../src/model/metadata.ts';
import {InputDrift, stabilityIndex} from '../../../src/server/watch/input-drift.ts';

/** The distribution of the numbers from 0 to 1000. */
const EVEN: Distribution = {mean: 500, deviation: 289, deciles: [100, 200, 300, 400, 500, 600, 700, 800, 900]};
const TRAINING = {
  images: 1000,
  brightness: EVEN,
  area: {...EVEN, mean: 0.5, deciles: EVEN.deciles.map((d) => d / 1000)},
};
const even = (count: number) => Array.from({length: count}, (_, i) => ((i + 0.5) * 1000) / count);

describe('the stability index', () => {
  it('is 0 if nothing has changed', () => {
    expect(stabilityIndex(even(1000), EVEN)).to.be.closeTo(0, 1e-12);
  });

  it('follows the formula', () => {
    // Shares of 0.2 in the lower half, none in the upper: 5 * 0.1 * ln 2 + 5 * (0.001 - 0.1) * ln 0.01.
    const half = even(1000).map((value) => value / 2);
    expect(stabilityIndex(half, EVEN)).to.be.closeTo(0.34657 + 2.27956, 1e-4);
  });

  it('counts a value on a bound as above it, and values beyond all bounds', () => {
    expect(stabilityIndex([100], EVEN)).to.equal(stabilityIndex([150], EVEN));
    expect(stabilityIndex([-5], EVEN)).to.equal(stabilityIndex([50], EVEN));
    expect(stabilityIndex([1e9], EVEN)).to.equal(stabilityIndex([950], EVEN));
  });
});

describe('drift of the input', () => {
  const indexOf = (drift: InputDrift, statistic: string) =>
    drift.indices().find((each) => each.statistic === statistic)?.index;

  it('has no index before there are enough pictures', () => {
    const drift = new InputDrift(TRAINING);
    expect([drift.recent(), drift.indices()]).to.deep.equal([[], []]);
    for (let i = 0; i < 99; i++) drift.add({brightness: 1, area: 0});
    expect(drift.indices()).to.deep.equal([]);
    drift.add({brightness: 1, area: 0});
    expect(indexOf(drift, 'brightness')).to.be.above(1);
  });

  it('uses only the last pictures', () => {
    const drift = new InputDrift(TRAINING);
    for (let i = 0; i < 1000; i++) drift.add({brightness: 999, area: 0.999});
    for (const value of even(1000)) drift.add({brightness: value, area: value / 1000});
    expect(indexOf(drift, 'brightness')).to.be.closeTo(0, 1e-12);
    expect(drift.recent().map(({statistic, mean}) => `${statistic} ${mean.toFixed(2)}`)).to.deep.equal([
      'brightness 500.00',
      'area 0.50',
    ]);
    expect(drift.training()).to.deep.equal([
      {statistic: 'brightness', mean: 500},
      {statistic: 'area', mean: 0.5},
    ]);
  });

  it('has no index for a model without statistics of its training pictures', () => {
    const drift = new InputDrift(undefined);
    for (let i = 0; i < 200; i++) drift.add({brightness: 1, area: 0});
    expect([drift.training(), drift.indices()]).to.deep.equal([[], []]);
    expect(drift.recent()).to.have.length(2);
  });
});
