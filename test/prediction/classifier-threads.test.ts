import {join} from 'node:path';
import {expect} from 'chai';
import {RiceError} from '../../src/common/errors.ts';
import {Classifier, type ClassifierOptions} from '../../src/model/classifier.ts';
import {ClassifierThreads} from '../../src/prediction/classifier-threads.ts';
import {classifyContents} from '../../src/prediction/read-pictures.ts';
import {grainJpeg, writeColorModel} from '../commands/pictures.ts';
import {useTemporaryFolder, writeTree} from '../dataset/fixtures.ts';
import {drawFrame, encodePng} from '../helpers/images.ts';
import {description, meansModel, writeModel} from '../model/external/models.ts';

describe('ClassifierThreads', () => {
  const temporary = useTemporaryFolder();
  const at = (name: string) => join(temporary(), name);

  async function open(options: ClassifierOptions, threads: number) {
    const classifier = await Classifier.load(options);
    const pool = new ClassifierThreads(classifier, options, threads);
    await pool.ready;
    return {classifier, pool};
  }

  it('gives the same answers as the classifier in this thread', async () => {
    writeColorModel(at('color.onnx'));
    writeTree(temporary(), {'red.jpg': grainJpeg('Red'), 'bad.jpg': 'no picture', 'empty.jpg': ''});
    const names = ['red.jpg', 'bad.jpg', 'gone.jpg', 'empty.jpg', '.'];
    const contents = [...names.map((name) => ({path: at(name)})), {path: '-', bytes: grainJpeg('Blue')}];
    const {classifier, pool} = await open({model: at('color.onnx'), device: 'cpu', maxPixels: 20_000}, 2);
    const plain = (answers: unknown[]) => answers.map((each) => (each instanceof RiceError ? each.toJSON() : each));
    const expected = plain(await classifyContents(contents, (images) => classifier.classify(images)));
    const replies = await Promise.all(Array.from({length: 6}, () => pool.classify(contents)));
    for (const answers of replies) expect(plain(answers)).to.deep.equal(expected);
    expect(await pool.classify([])).to.deep.equal([]);
    await pool.close();
    await classifier.release();
  });

  it('reports errors of the model, and continues', async () => {
    const grey = (level: number) => encodePng(drawFrame(8, 6, () => [level, level, level]));
    writeTree(temporary(), {'fits.png': grey(85), 'does-not.png': grey(255)});
    const document = description({output: 'probabilities'});
    const model = writeModel(temporary(), 'means', meansModel(), document);
    const {classifier, pool} = await open({model, device: 'cpu'}, 1);
    const error = await pool.classify([{path: at('does-not.png')}]).catch((thrown) => thrown);
    expect(error).to.have.property('code', 'MODEL_DESCRIPTION');
    const [answer] = await pool.classify([{path: at('fits.png')}]);
    expect(answer).to.have.property('label');
    await pool.close();
    await classifier.release();
  });
});
