import {expect} from 'chai';
import {wilsonInterval} from '../../../src/common/wilson-interval.ts';
import {grainsToShow, neededGrains} from '../../../src/scanning/grading/needed.ts';

describe('the number of grains that a share needs', () => {
  it('is as tabulated', () => {
    expect(neededGrains(0.05)).to.equal(1825);
    expect(neededGrains(0.05, 0.02)).to.equal(457); // 456.2, of which there is no fifth of a grain.
    expect(neededGrains(0.15, 0.02)).to.equal(1225);
    expect(neededGrains(0.01, 0.005)).to.equal(1522); // 1,521.3
    expect(neededGrains(0)).to.equal(381);
    expect(neededGrains(1)).to.equal(381);
  });

  it('shows a limit: with so many the interval ends there, with fewer it does not', () => {
    for (const [share, limit] of [
      [0.02, 0.04],
      [0.04, 0.05],
      [0, 0.01],
    ]) {
      const count = grainsToShow(share, limit)!;
      expect(wilsonInterval(share * count, count).high).to.be.at.most(limit + 1e-9);
      expect(wilsonInterval(share * 0.9 * count, 0.9 * count).high).to.be.above(limit);
    }
    expect(grainsToShow(0.05, 0.04)).to.equal(undefined);
    expect(grainsToShow(0.05, 0.05)).to.equal(undefined);
  });
});
