import {expect} from 'chai';
import {SampleShares, type SharedGrain} from '../../../src/scanning/grading/shares.ts';
import {Random} from '../../../src/training/random.ts';

const grain = (broken: boolean): SharedGrain => ({label: 'Basmati', known: true, broken, discolored: false});
const some = (count: number, broken: number) => Array.from({length: count}, (_, i) => grain(i < broken));
const isBroken = ({broken}: SharedGrain) => broken === true;

describe('shares of a sample', () => {
  it('have the intervals of a published table by number (Wilson, 95 %)', () => {
    // n, seen, low and high in percent.
    const table = [
      [100, 0, 0, 3.7],
      [100, 5, 2.2, 11.2],
      [100, 15, 9.3, 23.3],
      [300, 3, 0.3, 2.9],
      [300, 15, 3.1, 8.1],
      [500, 25, 3.4, 7.3],
      [1000, 10, 0.5, 1.8],
      [1000, 150, 12.9, 17.3],
      [2000, 0, 0, 0.2],
      [2000, 100, 4.1, 6.0],
    ];
    for (const [count, seen, low, high] of table) {
      const shares = new SampleShares(some(count, seen), new Array(count).fill(1), 'table');
      const share = shares.share(isBroken);
      const percent = [share.low, share.high].map((value) => Math.round(value * 1000) / 10);
      expect(percent, `${seen} of ${count}`).to.deep.equal([low, high]);
    }
  });

  it('are smaller by mass where the counted grains are small: 10 % at half the mass are 5.3 %', () => {
    const masses = some(200, 20).map((one) => (one.broken ? 0.5 : 1));
    const share = new SampleShares(some(200, 20), masses, 'half').share(isBroken);
    expect(share.share).to.equal(0.1);
    expect(share.massShare).to.be.closeTo(0.0526, 5e-5);
  });

  it('have intervals by mass that agree with the variance of a ratio, computed apart', () => {
    const random = new Random('masses');
    const grains = some(1000, 200);
    const masses = grains.map((one) => (one.broken ? 0.5 : 1) * Math.exp(0.2 * random.normal()));
    const {massShare, massLow, massHigh} = new SampleShares(grains, masses, 'variance').share(isBroken);
    const total = masses.reduce((sum, mass) => sum + mass, 0);
    // Linearized (Cochran 1977, 6.4): Var = sum m^2 (y - p)^2 / (sum m)^2.
    const variance =
      grains.reduce((sum, one, i) => sum + (masses[i] * (Number(one.broken) - massShare)) ** 2, 0) / total ** 2;
    const half = 1.96 * Math.sqrt(variance);
    expect((massHigh - massLow) / 2).to.be.closeTo(half, 0.1 * half);
    expect((massHigh + massLow) / 2).to.be.closeTo(massShare, 0.2 * half);
  });

  it('have Wilson intervals for the effective number of grains by mass where few are seen', () => {
    // Masses 1 and 3, half of each: (50 + 150)^2 / (50 + 450) = 80 of 100 grains.
    const masses = Array.from({length: 100}, (_, i) => (i % 2 === 0 ? 1 : 3));
    const {massLow, massHigh} = new SampleShares(some(100, 0), masses, 'effective').share(isBroken);
    const z2 = 1.959963984540054 ** 2;
    expect(massLow).to.equal(0);
    expect(massHigh).to.be.closeTo(z2 / (80 + z2), 1e-12);
    // 5 of 100 of equal mass: the same as by number.
    const five = new SampleShares(some(100, 5), new Array(100).fill(2), 'five').share(isBroken);
    expect(five.massLow).to.be.closeTo(five.low, 1e-12);
    expect(five.massHigh).to.be.closeTo(five.high, 1e-12);
  });

  it('repeat with the same seed, and not with another', () => {
    const grains = some(300, 60);
    const masses = grains.map((_, i) => 1 + (i % 7));
    const of = (seed: string) => new SampleShares(grains, masses, seed).share(isBroken);
    expect(of('a')).to.deep.equal(of('a'));
    expect(of('a').massLow).to.not.equal(of('b').massLow);
  });

  it('are of what is counted only, and of nothing 0 to 1', () => {
    const ungraded: SharedGrain = {label: 'Basmati', known: true, discolored: false};
    const grains = [...some(20, 10), ...new Array<SharedGrain>(20).fill(ungraded)];
    const shares = new SampleShares(grains, new Array(40).fill(1), 'graded');
    const graded = shares.share(isBroken, ({broken}) => broken !== undefined);
    expect([graded.count, graded.share, graded.massShare]).to.deep.equal([10, 0.5, 0.5]);
    expect(new SampleShares([], [], 'nothing').share(isBroken)).to.deep.equal({
      count: 0,
      share: 0,
      low: 0,
      high: 1,
      massShare: 0,
      massLow: 0,
      massHigh: 1,
    });
  });
});
