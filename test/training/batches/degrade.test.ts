import {expect} from 'chai';
import type {GrainPatch} from '../../../src/image/window/patch.ts';
import {addNoise, blurred, coarsened, moved} from '../../../src/training/batches/degrade.ts';
import {Random} from '../../../src/training/random.ts';
import {randomNumbers} from '../../helpers/images.ts';

const [WIDTH, HEIGHT] = [64, 48];

describe('training: degraded images', () => {
  it('are convolved with a Gaussian and black padding', () => {
    const patch = noisyPatch();
    for (const sigma of [0.4, 1, 2.3, 30]) {
      const {data, ...place} = blurred(patch, sigma);
      expect(place).to.deep.equal({x: patch.x, y: patch.y, width: WIDTH, height: HEIGHT});
      const expected = convolved(patch, sigma);
      const differences = expected.map((value, i) => Math.abs(value - data[i]));
      expect(Math.max(...differences)).to.be.below(1.01);
    }
  });

  it('keep brightness, centroid and colors, and grow by the variance of the blur', () => {
    const patch = blockPatch([200, 120, 0]);
    const before = [0, 1].map((channel) => momentsOf(patch.data, channel));
    for (const sigma of [1, 2, 3]) {
      const {data} = blurred(patch, sigma);
      before.forEach((sharp, channel) => {
        const soft = momentsOf(data, channel);
        expect(soft.sum / sharp.sum).to.be.closeTo(1, 0.005);
        expect(soft.x).to.be.closeTo(sharp.x, 0.02);
        expect(soft.y).to.be.closeTo(sharp.y, 0.02);
        // The cut-off tails contain up to a tenth of a Gaussian's variance; levels are rounded.
        expect((soft.xx - sharp.xx) / sigma ** 2).to.be.within(0.88, 1.05);
        expect((soft.yy - sharp.yy) / sigma ** 2).to.be.within(0.88, 1.05);
      });
      expect(momentsOf(data, 2).sum).to.equal(0);
    }
  });

  it('do not change with a tiny blur, and the source patch never changes', () => {
    const patch = noisyPatch();
    const copy = patch.data.slice();
    for (const sigma of [0, 0.1, 0.29]) expect(blurred(patch, sigma)).to.equal(patch);
    expect(blurred(patch, 2).data).not.to.equal(patch.data);
    expect(Buffer.from(patch.data).equals(copy)).to.equal(true);
  });

  it('of a camera that moved keep brightness and centroid, and grow along the way alone', () => {
    const patch = blockPatch([200, 120, 0]);
    const sharp = momentsOf(patch.data, 0);
    for (const [length, angle] of [
      [9, 0],
      [9, Math.PI / 2],
      [12, Math.PI / 4],
    ]) {
      const soft = momentsOf(moved(patch, length, angle).data, 0);
      expect(soft.sum / sharp.sum).to.be.closeTo(1, 0.01);
      expect(soft.x).to.be.closeTo(sharp.x, 0.3);
      expect(soft.y).to.be.closeTo(sharp.y, 0.3);
      // The variance of a uniform distribution over the way.
      const variance = length ** 2 / 12;
      expect(soft.xx - sharp.xx).to.be.closeTo(variance * Math.cos(angle) ** 2, 0.8);
      expect(soft.yy - sharp.yy).to.be.closeTo(variance * Math.sin(angle) ** 2, 0.8);
    }
    expect(moved(patch, 1, 0)).to.equal(patch);
  });

  it('of fewer pixels keep brightness and centroid, and are linear between the centers of the blocks', () => {
    const patch = blockPatch([200, 120, 0]);
    const sharp = momentsOf(patch.data, 0);
    for (const factor of [2, 3, 5]) {
      const {data, ...place} = coarsened(patch, factor);
      expect(place).to.deep.equal({x: patch.x, y: patch.y, width: WIDTH, height: HEIGHT});
      const soft = momentsOf(data, 0);
      expect(soft.sum / sharp.sum).to.be.closeTo(1, 0.02);
      expect(soft.x).to.be.closeTo(sharp.x, 0.6);
      expect(soft.y).to.be.closeTo(sharp.y, 0.6);
      expect(soft.xx - sharp.xx).to.be.within(0.1 * factor ** 2, 0.4 * factor ** 2);
      expect(momentsOf(data, 2).sum).to.equal(0);
    }
    // A slope stays a slope.
    const slope = Uint8Array.from({length: WIDTH * HEIGHT * 3}, (_, i) => 3 * (Math.floor(i / 3) % WIDTH));
    const {data} = coarsened({x: 0, y: 0, width: WIDTH, height: HEIGHT, data: slope}, 4);
    for (let x = 4; x < WIDTH - 4; x++) expect(data[3 * (10 * WIDTH + x)]).to.be.closeTo(3 * x, 1);
    expect(coarsened(patch, 1.1)).to.equal(patch);
  });

  it('of uniform color stay exactly uniform inside', () => {
    const data = new Uint8Array(WIDTH * HEIGHT * 3).fill(255);
    const soft = blurred({x: 0, y: 0, width: WIDTH, height: HEIGHT, data}, 1.7).data;
    expect(soft[(20 * WIDTH + 30) * 3]).to.equal(255);
    expect(soft[0]).to.be.within(60, 110);
  });

  it('have unbiased, normally distributed noise of the given deviation', () => {
    for (const sigma of [3, 8]) {
      const pixels = new Uint8Array(90_000).fill(128);
      addNoise(pixels, sigma, new Random(1, sigma));
      const strays = Array.from(pixels, (level) => level - 128);
      const mean = strays.reduce((sum, stray) => sum + stray, 0) / strays.length;
      const moment = (power: number) => strays.reduce((sum, stray) => sum + (stray - mean) ** power, 0) / strays.length;
      expect(mean).to.be.closeTo(0, (4 * sigma) / Math.sqrt(strays.length));
      // Rounding to levels adds variance.
      expect(Math.sqrt(moment(2))).to.be.closeTo(Math.sqrt(sigma ** 2 + 1 / 12), 0.02 * sigma);
      expect(moment(4) / moment(2) ** 2).to.be.closeTo(3, 0.1);
    }
  });

  it('keep black pixels black, and stay between black and white', () => {
    const pixels = new Uint8Array(3000);
    for (let i = 0; i < pixels.length; i += 6) pixels.set([0, 2, 254], i);
    addNoise(pixels, 60, new Random(5));
    const levels = new Set<number>();
    pixels.forEach((level, i) => {
      if (i % 6 >= 3) expect(level).to.equal(0);
      else levels.add(level);
    });
    expect(levels.has(0) && levels.has(255)).to.equal(true);
    const still = Uint8Array.from({length: 300}, (_, i) => i % 256);
    const copy = still.slice();
    addNoise(still, 0, new Random(5));
    expect([...still]).to.deep.equal([...copy]);
  });
});

function noisyPatch(): GrainPatch {
  const random = randomNumbers(4);
  const data = Uint8Array.from({length: WIDTH * HEIGHT * 3}, () => Math.floor(random() * 256));
  return {x: 20, y: 10, width: WIDTH, height: HEIGHT, data};
}

/** A block of one color on black. */
function blockPatch(color: readonly number[]): GrainPatch {
  const data = new Uint8Array(WIDTH * HEIGHT * 3);
  for (let y = 16; y < 30; y++) for (let x = 18; x < 45; x++) data.set(color, (y * WIDTH + x) * 3);
  return {x: 0, y: 0, width: WIDTH, height: HEIGHT, data};
}

/** In both directions at once, without intermediate rounding. */
function convolved({data}: GrainPatch, sigma: number): Float64Array {
  const radius = Math.ceil(2.5 * sigma);
  const weights = Array.from({length: 2 * radius + 1}, (_, i) => Math.exp(-((i - radius) ** 2) / (2 * sigma ** 2)));
  const sum = weights.reduce((a, b) => a + b);
  const out = new Float64Array(data.length);
  for (let y = 0; y < HEIGHT; y++) {
    for (let x = 0; x < WIDTH; x++) {
      for (let v = Math.max(0, y - radius); v <= Math.min(HEIGHT - 1, y + radius); v++) {
        for (let u = Math.max(0, x - radius); u <= Math.min(WIDTH - 1, x + radius); u++) {
          const weight = (weights[v - y + radius] * weights[u - x + radius]) / sum ** 2;
          for (let c = 0; c < 3; c++) out[(y * WIDTH + x) * 3 + c] += weight * data[(v * WIDTH + u) * 3 + c];
        }
      }
    }
  }
  return out;
}

function momentsOf(data: Uint8Array, channel: number) {
  const sums = {sum: 0, x: 0, y: 0, xx: 0, yy: 0};
  for (let i = 0; i < WIDTH * HEIGHT; i++) {
    const level = data[3 * i + channel];
    const [x, y] = [i % WIDTH, Math.floor(i / WIDTH)];
    sums.sum += level;
    sums.x += level * x;
    sums.y += level * y;
    sums.xx += level * x * x;
    sums.yy += level * y * y;
  }
  const x = sums.x / sums.sum;
  const y = sums.y / sums.sum;
  return {sum: sums.sum, x, y, xx: sums.xx / sums.sum - x * x, yy: sums.yy / sums.sum - y * y};
}
