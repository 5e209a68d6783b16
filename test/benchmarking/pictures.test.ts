import {mkdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect} from 'chai';
import {countParameters, readModelFacts} from '../../src/benchmarking/model-facts.ts';
import {drawPictures} from '../../src/benchmarking/pictures/draw-pictures.ts';
import {readSome, selectLabeled} from '../../src/benchmarking/pictures/labeled-pictures.ts';
import {prepareImage} from '../../src/image/prepare.ts';
import {shippedModel} from '../../src/model/model-file.ts';
import {HAS_MODEL, temporaryFolder} from '../cli/rice.ts';
import {grainJpeg, writeColorModel} from '../commands/pictures.ts';
import {description, externalModel, PIXELS, writeModel} from '../model/external/models.ts';

describe('benchmarking: pictures and models', () => {
  const folder = temporaryFolder();
  const warnings: string[] = [];
  const select = (options: object, ...models: string[]) =>
    selectLabeled(
      {dir: join(folder(), 'set'), ...options},
      models.map((name) => readModelFacts(join(folder(), `${name}.onnx`), name)),
      {cacheDir: join(folder(), 'cache'), onWarning: (message) => warnings.push(message)},
    );
  before(() => {
    writeColorModel(join(folder(), 'color.onnx'));
    writeModel(folder(), 'external', externalModel(), description());
    for (const color of ['Red', 'Blue'] as const) {
      mkdirSync(join(folder(), 'set', color), {recursive: true});
      for (let seed = 1; seed <= 20; seed++)
        writeFileSync(join(folder(), 'set', color, `${seed}.jpg`), grainJpeg(color, seed));
    }
  });
  beforeEach(() => {
    warnings.length = 0;
  });

  it('are drawn, different from each other and always the same, with one whole grain each', async () => {
    const pictures = await drawPictures(6);
    expect(new Set(pictures.map((bytes) => Buffer.from(bytes).toString('base64'))).size).to.equal(6);
    expect(await drawPictures(6)).to.deep.equal(pictures);
    for (const bytes of pictures) {
      const {grain, width, height, notes} = await prepareImage(bytes, {width: 120, height: 56});
      expect([width, height, notes.length]).to.deep.equal([250, 250, 0]);
      expect(grain).to.include({objects: 1});
      expect(grain!.length).to.be.within(100, 220);
    }
  });

  it('are those of the test part that the model records', async () => {
    const {part, files} = await select({}, 'color');
    expect(part).to.equal('test');
    expect(files.length).to.be.within(2, 20);
    const all = await select({part: 'all'}, 'color');
    expect(all.files.length).to.equal(40);
    expect((await readSome(all)).length).to.equal(40);
    expect((await select({limit: 4, part: 'all'}, 'color')).files.length).to.equal(4);
    expect(warnings).to.deep.equal([]);
  });

  it('are all of them for a model that records no split, and another part is refused', async () => {
    expect(await select({}, 'external')).to.include({part: 'all'});
    const error = await select({part: 'test'}, 'external').catch((thrown) => thrown);
    expect(error).to.include({code: 'MODEL_METADATA'});
    expect(error.suggestions).to.deep.equal(['Measure with all pictures: --part all.']);
  });

  it('may have been seen by a model with another split, which is told', async () => {
    const {part} = await select({}, 'external', 'color');
    expect(part).to.equal('test');
    expect(warnings.join()).to.contain('external records no split: it may have been trained on some of the pictures');
  });

  it('leave out what cannot be decoded, and say why if that is all of them', async () => {
    const broken = join(folder(), 'broken', 'Red');
    mkdirSync(broken, {recursive: true});
    writeFileSync(join(broken, '1.jpg'), grainJpeg('Red').subarray(0, 300));
    const one = await select({dir: join(folder(), 'broken')}, 'external');
    expect(await readSome(one).catch((error) => error.code)).to.equal('IMAGE_TRUNCATED');
    writeFileSync(join(broken, '2.jpg'), grainJpeg('Red'));
    const two = await select({dir: join(folder(), 'broken')}, 'external');
    expect(await readSome(two)).to.deep.equal([grainJpeg('Red')]);
  });

  it('belong to models, of which the shipped one has a name of its own', function () {
    if (!HAS_MODEL) return this.skip();
    expect(readModelFacts('rice')).to.include({path: shippedModel(), label: 'rice'});
  });

  it('belong to models whose parameters are counted where none are recorded', () => {
    // One dense layer from all values of a picture to three labels.
    expect(countParameters(externalModel())).to.equal(3 * PIXELS * 3);
    expect(countParameters(Uint8Array.of(1, 2, 3))).to.equal(null);
    const {label, bytes, parameters} = readModelFacts(join(folder(), 'external.onnx'));
    expect(label).to.equal(join(folder(), 'external.onnx'));
    expect(bytes).to.equal(externalModel().length);
    expect(parameters).to.equal(3 * PIXELS * 3);
  });
});
