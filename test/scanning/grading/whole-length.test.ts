import {expect} from 'chai';
import {wholeLength} from '../../../src/scanning/grading/whole-length.ts';

describe('the length of whole grains', () => {
  it('is the iterated mean: by hand', () => {
    // The 80th percentile of the ten is 9.84; from 8.856 are 9, 9.6, 9.8, 10, 10.2: mean 9.72; from 8.748 the same ones.
    const lengths = [3, 4, 5, 6, 8, 9, 9.6, 9.8, 10, 10.2];
    expect(wholeLength(lengths)).to.be.closeTo(9.72, 1e-12);
  });

  it('moves until it stays: by hand', () => {
    // The 80th percentile of 7.1, 7.4, 8, 9, 9 is 9; from 8.1 are 9, 9: mean 9, which stays.
    expect(wholeLength([7.1, 7.4, 8, 9, 9])).to.equal(9);
    // That of 8, 8, 8, 8, 9.2 is 8.24; from 7.416 are all: mean 8.24; the same again.
    expect(wholeLength([8, 8, 8, 8, 9.2])).to.be.closeTo(8.24, 1e-12);
  });

  it('is not pulled down by broken grains, and not up by pairs taken for one', () => {
    const whole = Array.from({length: 61}, (_, i) => 7 + (i - 30) * 0.01);
    const broken = Array.from({length: 30}, (_, i) => 2 + i * 0.1);
    expect(wholeLength([...whole, ...broken])).to.be.closeTo(7, 0.01);
    expect(wholeLength([...whole, ...broken, 12, 13, 14])).to.be.closeTo(7, 0.01);
  });

  it('is that of the only grain, and none of none', () => {
    expect(wholeLength([7])).to.equal(7);
    expect(wholeLength([])).to.be.NaN;
  });
});
