import {expect} from 'chai';
import {blur} from '../../../src/evaluation/robustness/blur.ts';
import {CHANGES} from '../../../src/evaluation/robustness/changes.ts';
import {greyScale, scaleLevels} from '../../../src/evaluation/robustness/color.ts';
import {RandomStream} from '../../../src/evaluation/robustness/random-stream.ts';
import {recompress} from '../../../src/evaluation/robustness/recompress.ts';
import {rotateScene} from '../../../src/evaluation/robustness/rotate.ts';
import {scaleScene} from '../../../src/evaluation/robustness/scene.ts';
import type {Frame} from '../../../src/image/frame.ts';
import {type Color, drawFrame, drawGrain} from '../../helpers/images.ts';
import {HEIGHT, REFERENCE, WIDTH} from './reference-table.ts';

/** The picture of scripts/robustness_table.py. */
const PICTURE = drawFrame(WIDTH, HEIGHT, (x, y) => [level(x, y, 0), level(x, y, 1), level(x, y, 2)]);

function level(x: number, y: number, c: number): number {
  const block = (Math.floor(x / 3) + Math.floor(y / 2)) % 2;
  return (x * x * 3 + y * 41 + c * 91 + x * y * 5 + block * 120) % 256;
}

/** The change, and by how many levels it may differ from the reference. */
const CASES: Record<string, [changed: () => Frame | Promise<Frame>, tolerance: number]> = {
  grey: [() => greyScale(PICTURE), 0],
  'scale 0.75': [() => scaleScene(PICTURE, 0.75), 0],
  'scale 1.33': [() => scaleScene(PICTURE, 1.33), 0],
  'rotation 0.4': [() => rotateScene(PICTURE, 0.4), 1],
  'rotation 2.9': [() => rotateScene(PICTURE, 2.9), 1],
  'brightness 0.7': [() => scaleLevels(PICTURE, [0.7, 0.7, 0.7]), 0],
  'brightness 1.3': [() => scaleLevels(PICTURE, [1.3, 1.3, 1.3]), 0],
  warm: [() => scaleLevels(PICTURE, [1.1, 1, 0.9]), 0],
  cool: [() => scaleLevels(PICTURE, [0.9, 1, 1.1]), 0],
  'blur 1.5': [() => blur(PICTURE, 1.5), 1],
  'blur 0.6': [() => blur(PICTURE, 0.6), 1],
  // Pillow compresses with the accurate DCT, the binding of libjpeg-turbo with the fast one.
  'jpeg 30': [() => recompress(PICTURE, 30), 12],
};

describe('changes of pictures', () => {
  describe('agree with Pillow, numpy and SciPy', () => {
    it('for every entry of the table', () => expect(Object.keys(CASES)).to.deep.equal(Object.keys(REFERENCE)));
    for (const [name, [changed, tolerance]] of Object.entries(CASES))
      it(name, async () => {
        const frame = await changed();
        expect([frame.width, frame.height]).to.deep.equal([WIDTH, HEIGHT]);
        expect(largestDifference(frame.data, Buffer.from(REFERENCE[name], 'base64'))).to.be.at.most(tolerance);
      });
  });

  it('compress as much as Pillow', async () => {
    const reference = Buffer.from(REFERENCE['jpeg 30'], 'base64');
    const {data} = await recompress(PICTURE, 30);
    expect(average(differences(data, reference))).to.be.below(0.05 * average(differences(PICTURE.data, reference)));
  });

  const DARK: Color = [4, 2, 6];
  const grain = {size: 250, length: 140, width: 60, angle: 30, background: DARK, color: [200, 190, 170] as const};

  it('shift the scene by 20 of 250 pixels and fill with the border color', async () => {
    const shifted = await change('shift', drawGrain({...grain, x: 125, y: 125}));
    const angle = 2 * Math.PI * new RandomStream('picture', 'shift').uniform();
    const [x, y] = [125 + Math.round(20 * Math.cos(angle)), 125 + Math.round(20 * Math.sin(angle))];
    expect(largestDifference(shifted.data, drawGrain({...grain, x, y}).data)).to.equal(0);
  });

  it('put the grain on another background as if it had been photographed there', async () => {
    for (const [name, background] of [
      ['background-dark-grey', [64, 64, 64]],
      ['background-grey', [128, 128, 128]],
      ['background-white', [255, 255, 255]],
      ['background-blue', [50, 90, 170]],
    ] as const) {
      const replaced = await change(name, drawGrain(grain));
      const expected = drawGrain({...grain, background});
      // The drawn edge is sharper than the edge of the mask, so they may differ there, but nowhere else.
      const off = differences(replaced.data, expected.data).filter((difference) => difference > 3);
      expect(off.length / expected.data.length, name).to.be.below(0.015);
      expect(Math.max(...off, 0), name).to.be.below(0.6 * Math.max(...background, 170));
      expect([...replaced.data.subarray(0, 3)], name).to.deep.equal([...background]);
    }
  });

  it('keep dark spots of a grain, and treat an empty picture as background', async () => {
    const spotted = drawGrain(grain);
    for (let y = 123; y < 128; y++) spotted.data.fill(0, (y * 250 + 122) * 3, (y * 250 + 128) * 3);
    const {data} = await change('background-white', spotted);
    expect([...data.subarray((125 * 250 + 125) * 3).subarray(0, 3)]).to.deep.equal([0, 0, 0]);
    const empty = await change(
      'background-blue',
      drawFrame(20, 10, () => DARK),
    );
    expect([...empty.data]).to.deep.equal([...drawFrame(20, 10, () => [50, 90, 170]).data]);
  });

  it('put the grain on wood and cloth of the documented contrast without changing the grain', async () => {
    for (const [name, [red, , blue], least, most] of [
      ['background-wood', [158, 112, 68], 6, 25],
      ['background-cloth', [70, 84, 120], 3, 12],
    ] as const) {
      const {data} = await change(name, drawGrain(grain));
      const rows = Array.from({length: 40 * 250}, (_, pixel) => data[pixel * 3]);
      const mean = average(rows);
      expect(mean, name).to.be.closeTo(red, 0.06 * red);
      expect(average(rows.map((_, pixel) => data[pixel * 3 + 2])), name).to.be.closeTo(blue, 0.06 * blue);
      const deviation = Math.sqrt(average(rows.map((value) => (value - mean) ** 2)));
      expect(deviation, name).to.be.within(least, most);
      const middle = (125 * 250 + 125) * 3;
      expect([...data.subarray(middle, middle + 3)], name).to.deep.equal([
        ...drawGrain(grain).data.subarray(middle, middle + 3),
      ]);
    }
  });

  it('light the scene from a random side, from 1 down to 0.55', async () => {
    const {data} = await change(
      'uneven-light',
      drawFrame(250, 250, () => DARK),
    );
    const angle = 2 * Math.PI * new RandomStream('picture', 'uneven-light').uniform();
    const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
    for (const [x, y] of [
      [0, 0],
      [249, 0],
      [0, 249],
      [249, 249],
      [60, 200],
    ]) {
      const along = ((x - 124.5) * cos + (y - 124.5) * sin) / (125 * (Math.abs(cos) + Math.abs(sin)));
      expect(data[(y * 250 + x) * 3 + 1], `${x} ${y}`).to.be.closeTo(150 * (0.775 + 0.225 * along), 1);
    }
  });

  it('cast a shadow of half the light, 14 pixels away, on the table only', async () => {
    const {data} = await change('shadow', drawGrain(grain));
    const angle = 2 * Math.PI * new RandomStream('picture', 'shadow').uniform();
    const [dx, dy] = [Math.round(14 * Math.cos(angle)), Math.round(14 * Math.sin(angle))];
    const own = drawGrain(grain);
    const fallen = drawGrain({...grain, length: 126, width: 46, x: 125 + dx, y: 125 + dy});
    const away = drawGrain({...grain, length: 190, width: 110, x: 125 + dx, y: 125 + dy});
    let dark = 0;
    for (let i = 0; i < data.length; i += 3) {
      if (own.data[i] > 150) expect(data[i]).to.be.above(140);
      if (own.data[i] > 4) continue;
      if (fallen.data[i] > 150) {
        expect(data[i]).to.be.below(115);
        dark++;
      }
      if (away.data[i] === 4) expect(data[i]).to.be.closeTo(150, 3);
    }
    expect(dark).to.be.above(20);
  });

  it('add normal noise that is independent for each pixel', async () => {
    const plain = drawFrame(101, 99, () => [120, 120, 120]);
    const {data} = await change('noise', plain);
    const noise = Array.from(data, (value) => value - 120);
    const mean = average(noise);
    const deviation = Math.sqrt(average(noise.map((value) => (value - mean) ** 2)));
    const within = average(noise.map((value) => Number(Math.abs(value) <= 10)));
    const neighbors = average(noise.slice(1).map((value, i) => value * noise[i])) / deviation ** 2;
    expect(mean).to.be.closeTo(0, 0.25);
    expect(deviation).to.be.closeTo(10, 0.2);
    // Rounded to whole levels, |x| < 10.5: erf(1.05 / sqrt(2)).
    expect(within).to.be.closeTo(0.7063, 0.012);
    expect(neighbors).to.be.closeTo(0, 0.025);
  });

  it('scale with the picture', async () => {
    const small = drawGrain({...grain, size: 125, length: 70, width: 30});
    const shifted = await change('shift', small);
    const angle = 2 * Math.PI * new RandomStream('picture', 'shift').uniform();
    const [x, y] = [62.5 + Math.round(10 * Math.cos(angle)), 62.5 + Math.round(10 * Math.sin(angle))];
    const expected = drawGrain({...grain, size: 125, length: 70, width: 30, x, y});
    expect(largestDifference(shifted.data, expected.data)).to.equal(0);
  });

  it('have unique names, keep the size, and do not modify their input', async () => {
    expect(new Set(CHANGES.map(({name}) => name)).size).to.equal(CHANGES.length);
    for (const size of [1, 2, 33]) {
      const frame = drawFrame(size, 2 * size, (x, y) => [x, y, 200]);
      const before = Uint8Array.from(frame.data);
      for (const {name, apply} of CHANGES) {
        const {width, height, data} = await apply(frame, new RandomStream('picture', name));
        expect([width, height, data.length], `${name} ${size}`).to.deep.equal([size, 2 * size, 6 * size * size]);
        expect(Buffer.from(before).equals(frame.data), name).to.equal(true);
      }
    }
  });

  it('are the same every time, and differ between pictures', async () => {
    const frame = drawGrain(grain);
    for (const name of [
      'noise',
      'rotation',
      'shift',
      'background-wood',
      'background-cloth',
      'uneven-light',
      'shadow',
    ]) {
      const once = await change(name, frame);
      expect(largestDifference(once.data, (await change(name, frame)).data), name).to.equal(0);
      expect(largestDifference(once.data, (await change(name, frame, 'other')).data), name).to.be.above(0);
    }
  });
});

describe('random numbers seeded by a name', () => {
  it('are the AES-128-CTR key stream with the SHA-256 of the name as the key', () => {
    const stream = new RandomStream('a', 'noise');
    const words = Buffer.from('5a647923a87f689a', 'hex');
    expect(stream.uniform()).to.equal(words.readUInt32LE(0) / 2 ** 32);
    expect(stream.uniform()).to.equal(words.readUInt32LE(4) / 2 ** 32);
  });

  it('never end, and are in [0, 1)', () => {
    const stream = new RandomStream('b');
    const numbers = Array.from({length: 40_000}, () => stream.uniform());
    expect(average(numbers)).to.be.closeTo(0.5, 0.01);
    expect(Math.min(...numbers.slice(0, 1000))).to.be.at.least(0);
    expect(new Set(numbers).size).to.be.above(39_990);
  });
});

function change(name: string, frame: Frame, picture = 'picture'): Frame | Promise<Frame> {
  return CHANGES.find((each) => each.name === name)!.apply(frame, new RandomStream(picture, name));
}

function differences(a: Uint8Array, b: Uint8Array): number[] {
  return Array.from(a, (value, i) => Math.abs(value - b[i]));
}

function largestDifference(a: Uint8Array, b: Uint8Array): number {
  expect(a.length).to.equal(b.length);
  return differences(a, b).reduce((most, each) => Math.max(most, each), 0);
}

function average(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
