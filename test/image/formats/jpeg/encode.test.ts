import {expect} from 'chai';
import {decodeImage} from '../../../../src/image/decode.ts';
import {encodeJpeg} from '../../../../src/image/formats/jpeg/encode.ts';
import {drawFrame} from '../../../helpers/images.ts';

describe('encodeJpeg', () => {
  const picture = drawFrame(37, 23, (x, y) => [x * 6, y * 11, 255 - x * 3]);

  for (const encoder of ['native', 'portable'] as const)
    it(`keeps the picture, the better the higher the quality (${encoder})`, async () => {
      const loss = async (quality: number) => {
        const {frame, format} = await decodeImage(await encodeJpeg(picture, quality, encoder));
        expect([format, frame.width, frame.height]).to.deep.equal(['jpeg', 37, 23]);
        return frame.data.reduce((sum, level, i) => sum + Math.abs(level - picture.data[i]), 0) / frame.data.length;
      };
      const [poor, good] = [await loss(20), await loss(95)];
      expect(good).to.be.below(3);
      expect(poor).to.be.above(good).and.below(12);
    });

  it('refuses what a JPEG cannot hold', async () => {
    const error = await encodeJpeg({width: 65_501, height: 1, data: new Uint8Array(65_501 * 3)}, 90).catch((e) => e);
    expect(error).to.have.property('code', 'IMAGE_TOO_LARGE');
  });
});
