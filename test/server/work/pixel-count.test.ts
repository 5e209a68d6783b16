import {expect} from 'chai';
import {pixelsOf} from '../../../src/server/work/pixel-count.ts';
import {grainJpeg} from '../../commands/pictures.ts';
import {FIXTURES} from '../../helpers/fixtures.ts';
import {drawFrame, encodePng} from '../../helpers/images.ts';

describe('the pixel count of a picture', () => {
  it('is read in every format', () => {
    expect(pixelsOf(grainJpeg('Red'))).to.equal(120 * 120);
    for (const [name, {file, frame}] of Object.entries(FIXTURES))
      expect(pixelsOf(file), name).to.equal(frame.width * frame.height);
  });

  it('is read from a small file that declares many pixels', () => {
    const png = encodePng(drawFrame(1, 1, () => [0, 0, 0]));
    png.writeUInt32BE(5000, 16);
    png.writeUInt32BE(4000, 20);
    expect(pixelsOf(png)).to.equal(20_000_000);
  });

  it('is 0 for a file that is not a picture, or a truncated header', () => {
    expect(pixelsOf(Buffer.from('text'))).to.equal(0);
    expect(pixelsOf(new Uint8Array(0))).to.equal(0);
    expect(pixelsOf(grainJpeg('Red').subarray(0, 10))).to.equal(0);
  });
});
