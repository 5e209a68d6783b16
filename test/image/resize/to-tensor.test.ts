import {expect} from 'chai';
import {type TensorFormat, tensorWriter} from '../../../src/image/resize/to-tensor.ts';

describe('image: to tensor', () => {
  /** Two pixels: (10, 20, 30) and (255, 0, 51). */
  const window = Uint8Array.of(10, 20, 30, 255, 0, 51);
  const plain: TensorFormat = {
    width: 2,
    height: 1,
    layout: 'nchw',
    channels: 'rgb',
    range: 255,
    mean: [0, 0, 0],
    std: [1, 1, 1],
  };
  function write(changes: Partial<TensorFormat>, batch = new Float32Array(6), index = 0): number[] {
    tensorWriter({...plain, ...changes})(window, batch, index);
    return [...batch];
  }

  it('writes channels first or last, in RGB or BGR order', () => {
    expect(write({})).to.deep.equal([10, 255, 20, 0, 30, 51]);
    expect(write({layout: 'nhwc'})).to.deep.equal([10, 20, 30, 255, 0, 51]);
    expect(write({channels: 'bgr'})).to.deep.equal([30, 51, 20, 0, 10, 255]);
    expect(write({layout: 'nhwc', channels: 'bgr'})).to.deep.equal([30, 20, 10, 51, 0, 255]);
  });

  it('scales, then applies mean and std in channel order', () => {
    expect(write({range: 1, layout: 'nhwc'})[5]).to.be.closeTo(0.2, 1e-7);
    const numbers = write({range: 1, layout: 'nhwc', channels: 'bgr', mean: [0.1, 0.2, 0.3], std: [0.5, 1, 2]});
    const expected = [(30 / 255 - 0.1) / 0.5, 20 / 255 - 0.2, (10 / 255 - 0.3) / 2];
    expected.forEach((value, i) => {
      expect(numbers[i]).to.be.closeTo(value, 1e-7);
    });
    expect(write({mean: [127.5, 127.5, 127.5], std: [127.5, 127.5, 127.5]})[1]).to.equal(1);
  });

  it('does not change other positions of the batch', () => {
    const batch = new Float32Array(18).fill(-1);
    write({}, batch, 1);
    expect([...batch.subarray(0, 6), ...batch.subarray(12)].every((value) => value === -1)).to.equal(true);
    expect([...batch.subarray(6, 12)]).to.deep.equal([10, 255, 20, 0, 30, 51]);
  });
});
