import {expect} from 'chai';
import {Xoshiro128} from '../../src/common/xoshiro128.ts';
import {Random} from '../../src/training/random.ts';

/** Computed independently of the code under test, in BigInt: FNV-1a of the name, SplitMix32, xoshiro128**. */
const GOLDEN = [3772830949, 2857226160, 2297205326];

describe('training: random', () => {
  it('is xoshiro128**: matches its published test vector for the state 1, 2, 3, 4', () => {
    // From the tests of the rand_xoshiro crate, generated with the authors' C code.
    const random = new Xoshiro128([1, 2, 3, 4]);
    expect(Array.from({length: 10}, () => random.integer())).to.deep.equal([
      11520, 0, 5927040, 70819200, 2031721883, 1637235492, 1287239034, 3734860849, 3729100597, 4258142804,
    ]);
  });

  it('gives the same numbers for the same name on every machine', () => {
    const draw = (...name: (string | number)[]) => {
      const random = new Random(...name);
      return [random.integer(), random.integer(), random.integer()];
    };
    expect(draw(1, 'shuffle', 0)).to.deep.equal(GOLDEN);
    expect(draw(1, 'shuffle', 0)).to.deep.equal(draw('1', 'shuffle', '0'));
    const others = [draw(1, 'shuffle', 1), draw(2, 'shuffle', 0), draw(1, 'augment', 0), draw(0), draw(1)];
    expect(new Set([...others, GOLDEN].map(String)).size).to.equal(6);
  });

  it('draws uniformly from [low, high)', () => {
    const random = new Random(5, 'test');
    const COUNT = 100_000;
    const bins = new Array(20).fill(0);
    for (let i = 0; i < COUNT; i++) {
      const value = random.uniform(-3, 7);
      expect(value >= -3 && value < 7).to.equal(true);
      bins[Math.floor((value + 3) * 2)]++;
    }
    expect(chiSquare(bins, COUNT / 20)).to.be.below(43.8); // 0.1 % of 19 degrees of freedom
  });

  it('is uniform over generators with similar names, too', () => {
    const COUNT = 20_000;
    const bins = new Array(20).fill(0);
    for (let i = 0; i < COUNT; i++) bins[Math.floor(new Random(1, 'augment', 3, i).uniform() * 20)]++;
    expect(chiSquare(bins, COUNT / 20)).to.be.below(43.8);
  });

  it('draws integers below a count, and events with a probability', () => {
    const random = new Random(6);
    const bins = new Array(7).fill(0);
    let hits = 0;
    for (let i = 0; i < 70_000; i++) {
      bins[random.below(7)]++;
      if (random.chance(0.3)) hits++;
    }
    expect(chiSquare(bins, 10_000)).to.be.below(22.5); // 0.1 % of 6 degrees of freedom
    expect(hits / 70_000).to.be.closeTo(0.3, 0.006);
    expect(random.chance(0)).to.equal(false);
    expect(random.chance(1)).to.equal(true);
  });

  it('draws from the standard normal distribution', () => {
    const random = new Random(7);
    const values = Array.from({length: 50_000}, () => random.normal());
    const moment = (power: number) => values.reduce((sum, value) => sum + value ** power, 0) / values.length;
    expect(moment(1)).to.be.closeTo(0, 0.015);
    expect(moment(2)).to.be.closeTo(1, 0.025);
    expect(moment(3)).to.be.closeTo(0, 0.05);
    expect(moment(4)).to.be.closeTo(3, 0.15);
    expect(values.every(Number.isFinite)).to.equal(true);
  });

  it('makes each permutation of three about equally often', () => {
    const random = new Random(8);
    const counts: Record<string, number> = {};
    for (let i = 0; i < 12_000; i++) {
      const key = random.permutation(3).join('');
      counts[key] = (counts[key] ?? 0) + 1;
    }
    expect(Object.keys(counts)).to.have.length(6);
    expect(chiSquare(Object.values(counts), 2000)).to.be.below(20.5); // 0.1 % of 5 degrees of freedom
  });

  it('permutes', () => {
    expect([...new Random(9).permutation(1000)].sort((a, b) => a - b)).to.deep.equal([...Array(1000).keys()]);
    expect(new Random(9).permutation(0)).to.have.length(0);
  });
});

function chiSquare(counts: number[], expected: number): number {
  return counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
}
