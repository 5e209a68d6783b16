import {existsSync, readdirSync} from 'node:fs';
import {join} from 'node:path';
import {expect} from 'chai';
import {Classifier} from '../src/model/classifier.ts';
import {HAS_MODEL, ROOT} from './cli/rice.ts';
import {compareDecoders} from './helpers/compare-decoders.ts';

const REAL = join(ROOT, '..', 'shared', 'data', 'sample');

describe('both JPEG decoders lead to the same predictions (needs models/rice.onnx)', () => {
  let classifier: Classifier;

  before(async function () {
    if (!HAS_MODEL) this.skip();
    classifier = await Classifier.load({device: 'cpu'});
  });
  after(() => classifier?.release());

  it('of the drawn samples', async () => {
    const {images, flips, worst} = await compareDecoders(classifier, imagesIn(join(ROOT, 'test', 'samples')));
    expect(images).to.equal(10);
    expect(flips).to.deep.equal([]);
    expect(worst).to.equal(0);
  });

  describe('of real images (needs ../shared/data/sample)', () => {
    before(function () {
      if (!HAS_MODEL || !existsSync(REAL)) this.skip();
    });

    it('without a single exception', async () => {
      const paths = readdirSync(REAL).flatMap((label) => imagesIn(join(REAL, label)));
      const {images, flips, worst} = await compareDecoders(classifier, paths);
      expect(images).to.equal(200);
      expect(flips).to.deep.equal([]);
      expect(worst).to.equal(0);
    });
  });
});

function imagesIn(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.jpg'))
    .map((name) => join(folder, name));
}
