import {expect} from 'chai';
import {RiceError} from '../../src/errors.ts';
import {prepareImage} from '../../src/image/prepare.ts';
import {
  drawGrain,
  encodeBmp,
  encodeGif,
  encodeJpeg,
  encodePng,
  encodeTiff,
  randomNumbers,
  withExifOrientation,
} from '../helpers/images.ts';

const WINDOW = {width: 30, height: 14};
const CASES = Number(process.env.RICE_FUZZ_CASES ?? 30);

const GRAIN = drawGrain({size: 40, length: 28, width: 12, angle: 30, noise: 4});
const CODES = ['IMAGE_EMPTY', 'IMAGE_UNSUPPORTED', 'IMAGE_TOO_LARGE', 'IMAGE_TRUNCATED', 'IMAGE_CORRUPT'];

describe('image: damaged files', () => {
  const seeds: Record<string, Buffer> = {
    JPEG: withExifOrientation(encodeJpeg(GRAIN), 6),
    PNG: encodePng(GRAIN),
    'interlaced PNG': encodePng(GRAIN, {interlaced: true, colourType: 3}),
    BMP: encodeBmp(GRAIN, {bitsPerPixel: 8}),
    '24-bit BMP': encodeBmp(GRAIN),
    GIF: encodeGif([GRAIN, GRAIN]),
    TIFF: encodeTiff(GRAIN),
    'deflated TIFF': encodeTiff(GRAIN, {compression: 8, order: 'MM'}),
  };
  for (const decoder of ['auto', 'jimp'] as const)
    for (const [name, bytes] of Object.entries(seeds)) {
      if (decoder === 'jimp' && name !== 'JPEG') continue;
      it(`give a window or an error of the catalogue: ${name} (${decoder})`, async () => {
        const random = randomNumbers(name.length * 1000 + 7);
        for (let i = 0; i < CASES; i++) {
          const damaged = damage(bytes, random, i);
          try {
            const {window} = await prepareImage(damaged, WINDOW, {decoder, maxPixels: 1_000_000});
            expect(window).to.have.length(30 * 14 * 3);
          } catch (error) {
            expect(error, `case ${i}`).to.be.instanceOf(RiceError);
            expect((error as RiceError).code).to.be.oneOf(CODES);
          }
        }
      });
    }
});

/** Flips a few bits, more of them in the header; every third file is cut, too. */
function damage(bytes: Buffer, random: () => number, index: number): Buffer {
  const copy = Buffer.from(bytes);
  const flips = 1 + Math.floor(random() * 4);
  for (let k = 0; k < flips; k++) {
    const range = random() < 0.5 ? Math.min(200, copy.length) : copy.length;
    const tail = random() < 0.2 ? copy.length - range : 0;
    copy[tail + Math.floor(random() * range)] ^= 1 << Math.floor(random() * 8);
  }
  return index % 3 === 0 ? copy.subarray(0, Math.floor(random() * copy.length)) : copy;
}
