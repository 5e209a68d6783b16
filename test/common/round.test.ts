import {expect} from 'chai';
import {round, roundToDigits} from '../../src/common/round.ts';

describe('rounding', () => {
  it('removes float32 noise', () => {
    expect(round(Math.fround(0.998))).to.equal(0.998);
    expect(round(1 / 3, 2)).to.equal(0.33);
  });

  it('keeps significant digits of numbers of any size', () => {
    expect(roundToDigits(Math.fround(0.000123456789))).to.equal(0.000123457);
    expect(roundToDigits(Math.fround(987654.321))).to.equal(987654);
    expect(roundToDigits(-1234567, 2)).to.equal(-1200000);
    expect(roundToDigits(0)).to.equal(0);
  });
});
