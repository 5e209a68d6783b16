import {expect} from 'chai';
import {measureWindow} from '../../../src/image/window/measure-window.ts';

describe('measuring a window', () => {
  it('measures only the grain: the pixels that are not black', () => {
    const window = Uint8Array.of(0, 0, 0, 30, 60, 90, 0, 0, 0, 255, 255, 255);
    expect(measureWindow(window)).to.deep.equal({brightness: (60 + 255) / 2, area: 0.5});
  });

  it('accepts a window without a grain, and one without pixels', () => {
    expect(measureWindow(new Uint8Array(30))).to.deep.equal({brightness: 0, area: 0});
    expect(measureWindow(new Uint8Array(0))).to.deep.equal({brightness: 0, area: 0});
  });
});
