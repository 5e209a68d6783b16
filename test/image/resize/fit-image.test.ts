import {expect} from 'chai';
import type {RiceError} from '../../../src/common/errors.ts';
import type {Frame} from '../../../src/image/frame.ts';
import {type FitOptions, fitFrame, fitImage} from '../../../src/image/resize/fit-image.ts';
import {drawFrame, encodeJpeg, encodePng, withExifOrientation} from '../../helpers/images.ts';
import {FILL, PILLOW_TABLE} from './pillow-table.ts';

/** The formula in scripts/pillow_table.py. */
function picture(width: number, height: number): Frame {
  const level = (x: number, y: number, c: number) =>
    (x * x * 3 + y * 41 + c * 91 + x * y * 5 + ((Math.floor(x / 3) + Math.floor(y / 2)) % 2) * 120) % 256;
  return drawFrame(width, height, (x, y) => [level(x, y, 0), level(x, y, 1), level(x, y, 2)]);
}

function options(width: number, height: number, more: Partial<FitOptions> = {}): FitOptions {
  return {width, height, fit: 'stretch', cropPct: 1, fill: [0, 0, 0], interpolation: 'bilinear', ...more};
}

describe('image: fitting a picture into a window', () => {
  for (const {picture: size, window, fit, cropPct, interpolation, pixels} of PILLOW_TABLE) {
    it(`gives the same pixels as Pillow: ${size.join(' x ')}, ${fit} ${cropPct} to ${window.join(' x ')}, ${interpolation}`, () => {
      const expected = Buffer.from(pixels, 'base64');
      const fitted = fitFrame(picture(...size), options(...window, {fit, cropPct, interpolation, fill: FILL}));
      expect(fitted).to.have.length(expected.length);
      // The documented tolerance is one level. Weights and rounding are those of Pillow, so the difference is in fact 0.
      expect(fitted.reduce((worst, level, i) => Math.max(worst, Math.abs(level - expected[i])), 0)).to.equal(0);
    });
  }

  it('keeps a uniform picture uniform, and stays within 0..255 at an edge', () => {
    const plain = drawFrame(31, 17, () => [7, 130, 255]);
    const edge = drawFrame(20, 20, (x) => (x < 10 ? [0, 0, 0] : [255, 255, 255]));
    for (const interpolation of ['bilinear', 'bicubic'] as const) {
      for (const [width, height] of [
        [5, 4],
        [64, 64],
      ]) {
        const levels = fitFrame(plain, options(width, height, {interpolation}));
        expect(levels.every((level, i) => level === [7, 130, 255][i % 3])).to.equal(true);
      }
      const row = fitFrame(edge, options(40, 1, {interpolation}));
      expect([row[0], row[119]]).to.deep.equal([0, 255]);
      expect([...row].every((level, i) => i < 3 || level >= row[i - 3])).to.equal(true);
    }
  });

  it('computes only the visible part of a picture whose scaled size would be huge', () => {
    const strip = drawFrame(3, 20_000, (_, y) => [y % 256, 0, 0]);
    const window = fitFrame(strip, options(224, 224, {fit: 'crop', cropPct: 0.875}));
    expect(window).to.have.length(224 * 224 * 3);
  });

  it("applies the file's orientation and passes its notes on", async () => {
    const upright = drawFrame(48, 32, (x, y) => (x < 24 ? [200, 0, 0] : y < 16 ? [0, 200, 0] : [0, 0, 200]));
    const turned = withExifOrientation(encodeJpeg(upright, 95, '444'), 3);
    const {window, notes} = await fitImage(turned, options(2, 2));
    expect(notes).to.deep.equal([]);
    // Rotated by 180 degrees, red is on the right.
    const at = (i: number) => [...window.subarray(i * 3, i * 3 + 3)].map((level) => Math.round(level / 100));
    expect([at(1), at(3)]).to.deep.equal([
      [2, 0, 0],
      [2, 0, 0],
    ]);
  });

  it('rejects files that cannot be decoded, and pictures above the limit', async () => {
    const png = encodePng(drawFrame(10, 10, () => [1, 2, 3]));
    const codeOf = (bytes: Uint8Array, maxPixels: number) =>
      fitImage(bytes, options(4, 4), {maxPixels}).then(
        () => 'accepted',
        ({code}: RiceError) => code,
      );
    expect(await codeOf(png, 100)).to.equal('accepted');
    expect(await codeOf(png, 99)).to.equal('IMAGE_TOO_LARGE');
    expect(await codeOf(Buffer.from('no picture'), 100)).to.equal('IMAGE_UNSUPPORTED');
  });
});
