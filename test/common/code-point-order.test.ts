import {expect} from 'chai';
import {byCodePoint} from '../../src/common/code-point-order.ts';

describe('byCodePoint', () => {
  it('puts characters beyond U+FFFF after all others, unlike a comparison of UTF-16 units', () => {
    const names = ['\u{1f33e}', '\uffee', 'a', 'Z', '', 'ab', 'é', '\ud7ff'];
    expect(names.sort(byCodePoint)).to.deep.equal(['', 'Z', 'a', 'ab', 'é', '\ud7ff', '\uffee', '\u{1f33e}']);
    expect(['\u{1f33e}', '\uffee'].sort()).to.deep.equal(['\u{1f33e}', '\uffee']);
  });

  it('agrees with a comparison of UTF-8 bytes, whose order is that of code points', () => {
    const alphabet = ['a', 'b', '/', ' ', 'é', '\ue000', '\u{10000}', '\u{10ffff}'];
    const names = alphabet.flatMap((a) => alphabet.flatMap((b) => [a, a + b]));
    const bytes = [...names].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
    expect(names.sort(byCodePoint)).to.deep.equal(bytes);
  });
});
