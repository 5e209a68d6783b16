import {join} from 'node:path';
import {expect} from 'chai';
import {embedPictures, MOST_PICTURES} from '../../../src/evaluation/report/embed-pictures.ts';
import {decodeImage} from '../../../src/image/decode.ts';
import {useTemporaryFolder, writeTree} from '../../dataset/fixtures.ts';
import {drawFrame, encodeBmp, encodeJpeg, encodePng} from '../../helpers/images.ts';

describe('embedded pictures', () => {
  const folder = useTemporaryFolder();
  const embed = (...paths: string[]) =>
    embedPictures(
      folder(),
      paths.map((path) => ({path, label: 'A', predicted: 'B', confidence: 1})),
    );
  const bytesOf = (uri: string) => Buffer.from(uri.slice(uri.indexOf(',') + 1), 'base64');

  it('are unchanged for small files, whatever their extension', async () => {
    const small = drawFrame(40, 30, (x, y) => [x, y, 90]);
    const [jpeg, png] = [encodeJpeg(small), encodePng(small)];
    writeTree(folder(), {'a.jpg': png, 'b.png': jpeg});
    const [a, b] = await embed('a.jpg', 'b.png');
    expect(a).to.deep.equal({uri: `data:image/png;base64,${png.toString('base64')}`, width: 40, height: 30});
    expect(b).to.deep.equal({uri: `data:image/jpeg;base64,${jpeg.toString('base64')}`, width: 40, height: 30});
  });

  it('are shrunk JPEGs for large files, and JPEGs for formats that browsers do not support', async () => {
    const noise = drawFrame(900, 600, (x, y) => [(x * 97 + y * 31) % 256, (x * y) % 256, (x * 13) % 256]);
    writeTree(folder(), {'a.jpg': encodeJpeg(noise), 'b.bmp': encodeBmp(drawFrame(40, 30, () => [200, 100, 50]))});
    const [a, b] = await embed('a.jpg', 'b.bmp');
    expect([a!.width, a!.height]).to.deep.equal([500, 333]);
    expect([b!.width, b!.height]).to.deep.equal([40, 30]);
    for (const {uri, width, height} of [a!, b!]) {
      const {frame, format} = await decodeImage(bytesOf(uri));
      expect([format, frame.width, frame.height]).to.deep.equal(['jpeg', width, height]);
    }
    expect((await decodeImage(bytesOf(b!.uri))).frame.data[0]).to.be.closeTo(200, 3);
  });

  it('are missing for deleted or damaged files, and limited in number', async () => {
    writeTree(folder(), {'a.jpg': 'no picture'});
    expect(await embed('a.jpg', 'gone.jpg', join('..', 'gone'))).to.deep.equal([undefined, undefined, undefined]);
    expect(await embed(...Array.from({length: MOST_PICTURES + 5}, () => 'gone.jpg'))).to.have.length(MOST_PICTURES);
  });
});
