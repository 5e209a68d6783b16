import {expect} from 'chai';
import {renderBar} from '../../src/cli/bar.ts';

describe('bar', () => {
  it('is as long as the fraction, to an eighth of a column', () => {
    expect(renderBar(1, 4, true)).to.equal('████');
    expect(renderBar(0, 4, true)).to.equal('    ');
    expect(renderBar(0.5, 4, true)).to.equal('██  ');
    expect(renderBar(5 / 32, 4, true)).to.equal('▋   ');
  });

  it('always takes the same width', () => {
    for (let i = -2; i <= 102; i++)
      for (const utf8 of [true, false]) expect([...renderBar(i / 100, 10, utf8)]).to.have.length(10);
  });

  it('uses ASCII without UTF-8', () => {
    expect(renderBar(0.3, 10, false)).to.equal('###.......');
  });
});
