import {expect} from 'chai';
import {rarely} from '../../../src/server/metrics/rarely.ts';

describe('a function that is called rarely', () => {
  it('is called each time at a usual pace, and else gives what it last gave, for a second', async () => {
    let [now, made] = [0, 0];
    const call = rarely(
      async () => ++made,
      () => now,
    );
    for (let i = 1; i <= 30; i++) expect(await call()).to.equal(i);
    for (let i = 0; i < 1000; i++) expect(await call()).to.equal(30);
    now = 1000;
    expect(await call()).to.equal(31);
    expect(made).to.equal(31);
  });
});
