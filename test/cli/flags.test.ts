import {expect} from 'chai';
import {sharedFlags} from '../../src/cli/flags.ts';
import {DEFAULT_MAX_PIXELS} from '../../src/image/limits.ts';
import {DEVICES} from '../../src/model/devices.ts';

describe('shared flags', () => {
  it('have the defaults and devices of the model and image modules', () => {
    expect(sharedFlags['max-pixels'].default).to.equal(DEFAULT_MAX_PIXELS);
    expect(sharedFlags.device.options).to.deep.equal(['auto', ...DEVICES]);
  });
});
