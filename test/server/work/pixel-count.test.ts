import {expect} from 'chai';
import {pixelsOf} from '../../../src/server/work/pixel-count.ts';
import {grainJpeg} from '../../commands/pictures.ts';
import {FIXTURES} from '../../helpers/fixtures.ts';
import {drawFrame, encodePng} from '../../helpers/images.ts';

describe('the weight of a picture', () => {
  it('is its number of pixels, in every format', () => {
    expect(pixelsOf(grainJpeg('Red'))).to.equal(120 * 120);
    for (const [name, {file, frame}] of Object.entries(FIXTURES))
      expect(pixelsOf(file), name).to.equal(frame.width * frame.height);
  });

  it('is known of a small file that says it is large', () => {
    const png = encodePng(drawFrame(1, 1, () => [0, 0, 0]));
    png.writeUInt32BE(5000, 16);
    png.writeUInt32BE(4000, 20);
    expect(pixelsOf(png)).to.equal(20_000_000);
  });

  it('is nothing for what is no picture, or only the beginning of one', () => {
    expect(pixelsOf(Buffer.from('text'))).to.equal(0);
    expect(pixelsOf(new Uint8Array(0))).to.equal(0);
    expect(pixelsOf(grainJpeg('Red').subarray(0, 10))).to.equal(0);
  });
});
