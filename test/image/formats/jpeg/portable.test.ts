import jimpJpeg from '@jimp/js-jpeg';
import {expect} from 'chai';
import {type Decoder, decodeImage} from '../../../../src/image/decode.ts';
import {overBlack, type RgbaImage} from '../../../../src/image/formats/rgba.ts';
import {FIXTURES} from '../../../helpers/fixtures.ts';
import {drawGrain, encodeGreyJpeg, encodeJpeg, randomNumbers} from '../../../helpers/images.ts';
import {type WrittenColor, type WrittenJpeg, writeJpeg} from '../../../helpers/jpeg-writer.ts';

const [WIDTH, HEIGHT] = [45, 37];
const GRAIN = drawGrain({size: 61, length: 40, width: 20, angle: 30, noise: 20});
const NOISE = {...GRAIN, data: Uint8Array.from(GRAIN.data, (_, i) => (i * 7919) % 256)};
/** Smooth, so that it does not matter how finely a color is stored. */
const GREY = {level: (x: number, y: number) => 40 + 2 * x + y};
const LEVEL = {level: () => 128};

describe('image: JPEG in TypeScript', () => {
  const fixtures = Object.entries(FIXTURES)
    .filter(([name]) => name.startsWith('JPEG'))
    .map(([name, {file}]) => [name, file] as const);
  const alike: Record<string, Buffer> = {
    '4:2:0': encodeJpeg(GRAIN),
    '4:4:4': encodeJpeg(GRAIN, 95, '444'),
    '4:4:4, hardly compressed': encodeJpeg(GRAIN, 100, '444'),
    '4:2:0, much compressed': encodeJpeg(GRAIN, 5),
    '4:2:0 of noise': encodeJpeg(NOISE, 60),
    '4:2:0 of three rows and columns': encodeJpeg(drawGrain({size: 3, length: 2, width: 2}), 60),
    '4:2:0 of five rows and columns': encodeJpeg(drawGrain({size: 5, length: 4, width: 2}), 60),
    '4:2:2': noisy([[2, 1], [1, 1], [1, 1]]),
    '4:4:0': noisy([[1, 2], [1, 1], [1, 1]]),
    '4:4:0, progressive': noisy([[1, 2], [1, 1], [1, 1]], {progressive: true}),
    '4:1:1': noisy([[4, 1], [1, 1], [1, 1]]),
    '4:2:0, a scan for each color': noisy([[2, 2], [1, 1], [1, 1]], {separate: true}),
    grey: encodeGreyJpeg(GRAIN),
    ...Object.fromEntries(fixtures.filter(([name]) => !name.includes('CMYK'))),
  }; // biome-ignore format: a line each
  for (const [name, file] of Object.entries(alike))
    it(`gives the pixels of libjpeg-turbo: ${name}`, async () => {
      const [native, portable] = await Promise.all(
        (['native', 'portable'] as const).map(async (decoder) => (await decodeImage(file, {decoder})).frame),
      );
      expect(Buffer.from(portable.data).equals(Buffer.from(native.data))).to.equal(true);
    });

  const inks: Record<string, Buffer> = {
    ...Object.fromEntries(fixtures.filter(([name]) => name.includes('CMYK'))),
    'CMYK, written here': cmyk({}),
    'CMYK, progressive, written here': cmyk({progressive: true}),
    'YCCK, progressive, restarts': cmyk({adobe: 2, progressive: true, restartInterval: 3}),
  };
  for (const [name, file] of Object.entries(inks))
    it(`gives the pixels that jimp gives, up to rounding: ${name}`, async () => {
      const expected = overBlack(jimpJpeg().decode(file, {tolerantDecoding: false}) as unknown as RgbaImage);
      const {frame} = await decodeImage(file, {decoder: 'portable'});
      const differences = frame.data.map((level, i) => Math.abs(level - expected.data[i]));
      expect(Math.max(...differences)).to.be.at.most(6);
      expect(differences.reduce((sum, each) => sum + each, 0) / differences.length).to.be.below(1.5);
    });

  const kinds: Record<string, Partial<WrittenJpeg>> = {
    'in one scan': {},
    'a scan for each color': {separate: true},
    progressive: {progressive: true},
    'with restarts': {restartInterval: 2},
    'progressive, with restarts': {progressive: true, restartInterval: 5},
  };
  const samplings: Array<readonly (readonly [h: number, v: number])[]> = [
    [[1, 1]],
    [[2, 2]],
    [[1, 1], [1, 1], [1, 1]],
    [[2, 1], [1, 1], [1, 1]],
    [[1, 2], [1, 1], [1, 1]],
    [[2, 2], [1, 1], [1, 1]],
    [[2, 2], [2, 1], [1, 2]],
    [[1, 1], [2, 2], [1, 1]],
    [[3, 1], [1, 1], [1, 1]],
    [[4, 1], [2, 1], [1, 1]],
    [[1, 3], [1, 1], [1, 2]],
    [[3, 2], [1, 1], [2, 1]],
  ]; // biome-ignore format: a line each
  for (const factors of samplings)
    for (const [kind, options] of Object.entries(kinds))
      it(`reads samples of ${factors.map((pair) => pair.join(' x ')).join(', ')}, ${kind}`, async () => {
        const colors = factors.map(([h, v], i): WrittenColor => ({h, v, ...(i === 0 ? stretched(factors) : LEVEL)}));
        const file = writeJpeg({width: WIDTH, height: HEIGHT, colors, ...options});
        for (const decoder of ['auto', 'portable'] as const) {
          const {frame} = await decodeImage(file, {decoder});
          let worst = 0;
          for (let y = 0; y < HEIGHT; y++)
            for (let x = 0; x < WIDTH * 3; x++)
              worst = Math.max(worst, Math.abs(frame.data[y * WIDTH * 3 + x] - GREY.level(Math.floor(x / 3), y)));
          expect(worst, `${decoder}: levels`).to.be.below(8);
        }
      });

  it('takes three colors for RGB where the file says so', async () => {
    const colors = [200, 100, 50].map((level) => ({level: () => level}));
    const named = colors.map((color, i) => ({...color, id: 'RGB'.charCodeAt(i)}));
    for (const file of [
      writeJpeg({width: 8, height: 8, colors, adobe: 0}),
      writeJpeg({width: 8, height: 8, colors: named}),
    ])
      for (const decoder of ['native', 'portable'] as const) {
        const {frame} = await decodeImage(file, {decoder});
        [200, 100, 50].forEach((level, i) => {
          expect(frame.data[i], decoder).to.be.closeTo(level, 2);
        });
      }
  });

  it('refuses every damaged file that libjpeg-turbo refuses or warns of', async () => {
    const files = [FIXTURES['JPEG, progressive'].file, FIXTURES['JPEG, restarts'].file, encodeJpeg(GRAIN)];
    const random = randomNumbers(7);
    let refused = 0;
    for (let i = 0; i < 900; i++) {
      const bytes = damaged(files[i % files.length], random);
      if ((await outcomeOf(bytes, 'native')) === 'read') continue;
      expect(await outcomeOf(bytes, 'portable'), `file ${i}`).not.to.equal('read');
      refused++;
    }
    expect(refused, 'refused by both').to.be.above(300);
  });

  it('answers few damaged progressive CMYK files: those whose codes are all possible', async () => {
    const random = randomNumbers(8);
    let read = 0;
    for (let i = 0; i < 1000; i++)
      if ((await outcomeOf(damaged(FIXTURES['JPEG, progressive, CMYK'].file, random), 'auto')) === 'read') read++;
    expect(read).to.be.below(60);
  });
});

/** Three colors that are anything but smooth. */
function noisy(factors: readonly (readonly [h: number, v: number])[], options: Partial<WrittenJpeg> = {}): Buffer {
  const colors = factors.map(([h, v], i) => ({h, v, level: (x: number, y: number) => (x * 37 + y * (91 + i)) % 256}));
  return writeJpeg({width: WIDTH, height: HEIGHT, colors, ...options});
}

function cmyk(options: Partial<WrittenJpeg>): Buffer {
  const colors = [3, 5, 7, 2].map((slope, i) => ({level: (x: number, y: number) => (x * slope + y * (i + 1)) % 256}));
  return writeJpeg({width: WIDTH, height: HEIGHT, colors, adobe: 0, ...options});
}

/** The level of a color that may be stored coarser than others, at its own pixels. */
function stretched(factors: readonly (readonly [number, number])[]): WrittenColor {
  const [h, v] = factors[0];
  const [mostH, mostV] = [Math.max(...factors.map(([each]) => each)), Math.max(...factors.map(([, each]) => each))];
  return {level: (x, y) => GREY.level((x * mostH) / h, (y * mostV) / v)};
}

/** Flips bits behind the header of the first scan. */
function damaged(file: Buffer, random: () => number): Buffer {
  const bytes = Buffer.from(file);
  const start = bytes.indexOf(Buffer.of(0xff, 0xda)) + 14;
  for (let k = 1 + Math.floor(random() * 3); k > 0; k--)
    bytes[start + Math.floor(random() * (bytes.length - start - 2))] ^= 1 << Math.floor(random() * 8);
  return bytes;
}

function outcomeOf(bytes: Buffer, decoder: Decoder): Promise<string> {
  return decodeImage(bytes, {decoder}).then(
    () => 'read',
    ({code}) => code,
  );
}
