import {expect} from 'chai';
import {decodeImage} from '../../../../src/image/decode.ts';
import {encodePng} from '../../../../src/image/formats/png/encode.ts';
import {drawFrame, randomNumbers} from '../../../helpers/images.ts';

describe('encodePng', () => {
  it('keeps every pixel, whatever the size, for each decoder', async () => {
    const random = randomNumbers(7);
    for (const [width, height] of [
      [1, 1],
      [5, 3],
      [64, 33],
    ]) {
      const frame = drawFrame(width, height, () => [random() * 256, random() * 256, random() * 256]);
      for (const decoder of ['auto', 'portable'] as const) {
        const decoded = await decodeImage(encodePng(frame), {decoder});
        expect(decoded.format).to.equal('png');
        expect(decoded.frame).to.deep.equal(frame);
      }
    }
  });

  it('writes the density in pixels a meter, if there is one', () => {
    const frame = drawFrame(2, 2, () => [1, 2, 3]);
    const at = (bytes: Buffer) => bytes.indexOf('pHYs');
    const bytes = encodePng(frame, {pxPerMm: 11.811});
    expect([bytes.readUInt32BE(at(bytes) + 4), bytes.readUInt32BE(at(bytes) + 8), bytes[at(bytes) + 12]]).to.deep.equal(
      [11811, 11811, 1],
    );
    expect(at(encodePng(frame))).to.equal(-1);
  });
});
