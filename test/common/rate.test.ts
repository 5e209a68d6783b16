import {expect} from 'chai';
import {perSecond} from '../../src/common/rate.ts';

describe('a rate', () => {
  it('is a number on any clock', () => {
    expect(perSecond(10, 2000)).to.equal(5);
    expect(perSecond(10, 0)).to.equal(0);
    expect(perSecond(10, -1)).to.equal(0);
  });
});
