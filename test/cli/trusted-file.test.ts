import {expect} from 'chai';
import {isTrustedOwner} from '../../src/cli/trusted-file.ts';

describe('the owner of a configuration file', () => {
  it('is trusted if it is the user, root, or who called sudo', () => {
    expect(isTrustedOwner(1000, {uid: 1000})).to.equal(true);
    expect(isTrustedOwner(0, {uid: 1000})).to.equal(true);
    expect(isTrustedOwner(1001, {uid: 1000})).to.equal(false);
    expect(isTrustedOwner(1000, {uid: 0})).to.equal(false);
    expect(isTrustedOwner(1000, {uid: 0, sudoUid: '1000'})).to.equal(true);
    // The variable means nothing to others.
    expect(isTrustedOwner(1001, {uid: 1000, sudoUid: '1001'})).to.equal(false);
  });

  it('is not known on Windows', () => {
    expect(isTrustedOwner(0, {uid: undefined})).to.equal(true);
    expect(isTrustedOwner(5, {uid: undefined})).to.equal(true);
  });
});
