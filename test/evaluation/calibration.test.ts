import {expect} from 'chai';
import {calibration} from '../../src/evaluation/calibration.ts';

describe('calibration', () => {
  it('agrees with a worked example', () => {
    // Bins (0.4, 0.6]: 0.55 right, 0.6 wrong; (0.8, 1]: 0.9 right, 1 right, 0.95 wrong.
    const {ece, bins} = calibration([0.55, 0.6, 0.9, 1, 0.95], [true, false, true, true, false], 5);
    const middle = Math.abs(1 / 2 - (0.55 + 0.6) / 2);
    const top = Math.abs(2 / 3 - (0.9 + 1 + 0.95) / 3);
    expect(ece).to.be.closeTo((2 * middle + 3 * top) / 5, 1e-12);
    expect(bins.map(({count}) => count)).to.deep.equal([0, 0, 2, 0, 3]);
    expect(bins[4].confidence).to.be.closeTo(0.95, 1e-12);
    expect(bins[4].accuracy).to.be.closeTo(2 / 3, 1e-12);
    expect(bins[0]).to.deep.equal({low: 0, high: 0.2, count: 0, confidence: null, accuracy: null});
    expect(bins.map(({high}) => high)).to.deep.equal([0.2, 0.4, 0.6, 0.8, 1]);
  });

  it('uses 15 bins, closed at the upper end, with 0 in the first', () => {
    const {bins} = calibration([0, 1 / 15, 1 / 15 + 1e-9, 1], [true, true, true, true]);
    expect(bins).to.have.length(15);
    expect([bins[0].count, bins[1].count, bins[14].count]).to.deep.equal([2, 1, 1]);
  });

  it('is 0 for a perfectly calibrated model, and without answers', () => {
    const right = Array.from({length: 10}, (_, i) => i < 7);
    expect(calibration(new Array(10).fill(0.7), right).ece).to.be.closeTo(0, 1e-12);
    expect(calibration([], []).ece).to.equal(0);
  });
});
