import {expect} from 'chai';
import {DEVICES, sharedFlags} from '../../src/cli/flags.ts';
import {DEFAULT_MAX_PIXELS} from '../../src/image/prepare.ts';
import {DEVICES as CORE_DEVICES} from '../../src/model/devices.ts';

describe('shared flags', () => {
  it('have the defaults and devices of the core', () => {
    expect(sharedFlags['max-pixels'].default).to.equal(DEFAULT_MAX_PIXELS);
    expect(DEVICES).to.deep.equal(['auto', ...CORE_DEVICES]);
  });
});
