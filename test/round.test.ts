import {expect} from 'chai';
import {round} from '../src/round.ts';

describe('rounding', () => {
  it('removes the noise of float32', () => {
    expect(round(Math.fround(0.998))).to.equal(0.998);
    expect(round(1 / 3, 2)).to.equal(0.33);
  });
});
