import {expect} from 'chai';
import {checkPasses} from '../../src/image/check-limits.ts';
import {estimateCost} from '../../src/image/cost.ts';
import {decodeImage} from '../../src/image/decode.ts';
import {detectFormat} from '../../src/image/formats/formats.ts';
import {grainJpeg} from '../commands/pictures.ts';
import {FIXTURES} from '../helpers/fixtures.ts';
import {drawFrame, encodePng, pngHeader} from '../helpers/images.ts';
import {writeJpeg} from '../helpers/jpeg-writer.ts';
import {flatWebp} from '../helpers/webp.ts';

describe('image: the cost of a picture', () => {
  it('is estimated in every format', () => {
    expect(estimateCost(grainJpeg('Red')).bytes).to.equal(120 * 120 * 6);
    for (const [name, {file, frame}] of Object.entries(FIXTURES)) {
      const {bytes, seconds} = estimateCost(file);
      expect(bytes, name).to.be.at.least(frame.width * frame.height * 6);
      expect(seconds, name).to.be.above(0);
    }
  });

  it('is estimated of a small file that declares many pixels', () => {
    const png = encodePng(drawFrame(1, 1, () => [0, 0, 0]));
    png.writeUInt32BE(5000, 16);
    png.writeUInt32BE(4000, 20);
    expect(estimateCost(png).bytes).to.equal(6 * 20_000_000);
  });

  it('grows with colors, depth and scans', () => {
    const colors = Array.from({length: 4}, () => ({level: () => 9}));
    const size = {width: 8, height: 8};
    const cmyk = estimateCost(writeJpeg({...size, colors, adobe: 0, progressive: true}));
    const rgb = estimateCost(writeJpeg({...size, colors: colors.slice(0, 3)}));
    const grey = estimateCost(writeJpeg({...size, colors: colors.slice(0, 1)}));
    expect([cmyk.bytes, rgb.bytes, grey.bytes]).to.deep.equal([64 * 11, 64 * 9, 64 * 6]);
    expect(cmyk.seconds).to.be.above(rgb.seconds);
    const deep = estimateCost(pngHeader(100, 100, {bitDepth: 16, colorType: 6}));
    expect(deep.seconds).to.be.above(estimateCost(pngHeader(100, 100)).seconds);
  });

  it('is 0 for a file that is not a picture, or a truncated header', () => {
    for (const bytes of [Buffer.from('text'), new Uint8Array(0), grainJpeg('Red').subarray(0, 10)])
      expect(estimateCost(bytes)).to.deep.equal({bytes: 0, seconds: 0});
  });
});

describe('image: limits', () => {
  const codeAndMessage = (bytes: Uint8Array, maxPixels?: number) =>
    decodeImage(bytes, maxPixels === undefined ? {} : {maxPixels}).then(
      () => 'read',
      ({code, message}) => `${code}: ${message}`,
    );

  it('take a picture of a phone, and name the flag for larger ones', async () => {
    expect(await codeAndMessage(pngHeader(8160, 6144))).to.match(/^IMAGE_TRUNCATED/);
    expect(await codeAndMessage(pngHeader(9248, 6944))).to.match(/^IMAGE_TOO_LARGE.*52,000,000 \(--max-pixels\)$/);
  });

  it('are lower for formats that take more memory per pixel, and rise with the flag', async () => {
    const webp = flatWebp(9, 8000, 5600);
    expect(await codeAndMessage(webp)).to.match(/^IMAGE_TOO_LARGE.*717 MB, over the limit of 624 MB/);
    expect(await codeAndMessage(webp.subarray(0, -4), 60_000_000)).to.match(/^IMAGE_TRUNCATED/);
  });

  it('count all scans of a JPEG', () => {
    const colors = [{level: () => 128}];
    const scans = writeJpeg({width: 16, height: 16, colors, progressive: true});
    const header = detectFormat(scans)!.readHeader(scans);
    expect(header.passes).to.equal(5);
    expect(() => checkPasses({...header, width: 5000, height: 5000, passes: 41}, 52_000_000)).not.to.throw();
    expect(() => checkPasses({...header, width: 5000, height: 5000, passes: 42}, 52_000_000)).to.throw('in 42 scans');
  });
});
