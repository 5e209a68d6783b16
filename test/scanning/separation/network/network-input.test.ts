import {expect} from 'chai';
import {CHANNELS, fillInput} from '../../../../src/scanning/separation/network/network-input.ts';
import {randomNumbers} from '../../../helpers/images.ts';

const [WIDTH, HEIGHT] = [90, 70];

describe('scanning: input of the network that separates grains', () => {
  const random = randomNumbers(5);
  const mask = Uint8Array.from({length: WIDTH * HEIGHT}, () => Number(random() < 0.6));
  const colors = Uint8Array.from({length: 3 * WIDTH * HEIGHT}, () => 40 + Math.floor(80 * random()));
  const inputOf = (levels: Uint8Array) => {
    const input = new Float32Array(CHANNELS * WIDTH * HEIGHT);
    fillInput({width: WIDTH, height: HEIGHT, mask, colors: levels}, input, WIDTH, HEIGHT);
    return input;
  };

  it('holds the mask, and brightness and saturation by how they differ from those around', () => {
    const input = inputOf(colors);
    const brightness = (i: number) => 0.299 * colors[3 * i] + 0.587 * colors[3 * i + 1] + 0.114 * colors[3 * i + 2];
    const saturation = (i: number) => {
      const levels = [...colors.subarray(3 * i, 3 * i + 3)];
      return Math.max(...levels) - Math.min(...levels);
    };
    for (const [x, y] of [
      [0, 0],
      [45, 35],
      [89, 69],
      [12, 60],
    ]) {
      const i = y * WIDTH + x;
      expect(input[i]).to.equal(mask[i]);
      [brightness, saturation].forEach((value, channel) => {
        const around: number[] = [];
        for (let v = Math.max(0, y - 32); v <= Math.min(HEIGHT - 1, y + 32); v++)
          for (let u = Math.max(0, x - 32); u <= Math.min(WIDTH - 1, x + 32); u++)
            if (mask[v * WIDTH + u]) around.push(value(v * WIDTH + u));
        const mean = around.reduce((sum, each) => sum + each, 0) / around.length;
        const deviation = Math.sqrt(around.reduce((sum, each) => sum + (each - mean) ** 2, 0) / around.length);
        const expected = mask[i] ? (value(i) - mean) / deviation : 0;
        expect(input[(channel + 1) * WIDTH * HEIGHT + i]).to.be.closeTo(Math.max(-3, Math.min(3, expected)), 1e-4);
      });
    }
  });

  it('shows nothing of the ground, and little of light and contrast', () => {
    const input = inputOf(colors);
    const otherGround = colors.map((level, i) => (mask[Math.floor(i / 3)] ? level : 255));
    expect([...inputOf(otherGround)]).to.deep.equal([...input]);
    const brighter = inputOf(colors.map((level) => 2 * level));
    expect(Math.max(...brighter.map((value, i) => Math.abs(value - input[i])))).to.be.below(1e-3);
  });

  it('does not take noise for differences', () => {
    const even = Uint8Array.from({length: 3 * WIDTH * HEIGHT}, (_, i) => 120 + (Math.floor(i / 3) % 2));
    expect(
      Math.max(
        ...inputOf(even)
          .subarray(WIDTH * HEIGHT)
          .map(Math.abs),
      ),
    ).to.be.below(0.1);
  });
});
