import {mkdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect} from 'chai';
import {rice, temporaryFolder} from '../../cli/rice.ts';
import {parseAs} from '../../cli/schema.ts';
import {drawFrame, encodePng} from '../../helpers/images.ts';
import {description, externalModel, LABELS, meansModel, writeModel} from '../../model/external/models.ts';

interface Document {
  model: {name: string; version: string; labels: string[]};
  predictions: {path: string; label: string; known: boolean; reason?: string; grain?: object}[];
}

interface ErrorDocument {
  error: {code: string; message: string; suggestions: string[]};
}

/** Labels in the order of the channels, so that the strongest channel gives the label. */
const COLORS = {...description({labels: ['red', 'green', 'blue'], temperature: 0.05}), name: 'colors'};

describe('rice with an external model', () => {
  const folder = temporaryFolder();
  before(() => {
    for (const name of ['set', 'set/Red', 'set/Blue']) mkdirSync(join(folder(), name));
    const picture = (path: string, color: [number, number, number], width: number) =>
      writeFileSync(join(folder(), 'set', path), encodePng(drawFrame(width, 30, () => color)));
    for (let n = 1; n <= 3; n++) {
      picture(`Red/${n}.png`, [220, 10, 30], 10 * n);
      picture(`Blue/${n}.png`, [20, 90, 180], 10 * n + 3);
    }
    writeModel(folder(), 'colors', meansModel(), COLORS);
    writeModel(folder(), 'lonely', externalModel());
    writeModel(folder(), 'misspelt', externalModel(), {...description(), interpolations: 'bicubic'});
    writeModel(folder(), 'labels', externalModel(), description({labels: [...LABELS, 'one more']}));
    writeModel(folder(), 'scores', externalModel(), description({output: 'probabilities'}));
    writeModel(folder(), 'softmax', externalModel({output: 'probabilities'}), description());
  });
  const run = (...args: string[]) => rice(args, {cwd: folder()});

  it('predicts, without looking for a grain', async () => {
    const {code, stdout, stderr} = await run('predict', 'set', '-r', '--model', 'colors.onnx', '--json');
    expect([code, stderr]).to.deep.equal([0, '']);
    const {model, predictions} = parseAs<Document>('predict', stdout);
    expect(model).to.deep.include({name: 'colors', version: '0.0.0', labels: ['red', 'green', 'blue']});
    expect(predictions).to.have.length(6);
    for (const {path, label, known, ...rest} of predictions) {
      expect(path.toLowerCase()).to.contain(`${label}`);
      expect(known).to.equal(true);
      expect(rest).not.to.have.any.keys('reason', 'grain');
    }
  });

  it('evaluates all pictures', async () => {
    const {code, stdout} = await run('evaluate', 'set', '--model', 'colors.onnx', '--json');
    expect(code).to.equal(0);
    expect(parseAs('evaluate', stdout)).to.include({accuracy: 1, images: 6});
  });

  it('rejects --part, because the model has no recorded split', async () => {
    const {code, stdout} = await run('evaluate', 'set', '--part', 'test', '--model', 'colors.onnx', '--json');
    expect(code).to.equal(2);
    const {error} = parseAs<ErrorDocument>('error', stdout);
    expect(error.code).to.equal('MODEL_METADATA');
    expect(error.message).to.contain('the model colors records no split');
    expect(error.suggestions).to.deep.equal(['Omit --part to evaluate all pictures.']);
  });

  it('warns if the scores are not logits', async () => {
    const {code, stderr} = await run('predict', 'set/Red/1.png', '--model', 'softmax.onnx');
    expect(code).to.equal(0);
    expect(stderr).to.match(/^Warning: softmax\.json says that the output is logits, but it looks like probabilities/);
  });

  const failures: [string, string, string, string[]][] = [
    [
      'no description',
      'lonely',
      'MODEL_METADATA',
      ['lonely.json', 'lonely.onnx.json', '"pixels" float32 [batch, 3, 6'],
    ],
    ['an unknown key', 'misspelt', 'MODEL_DESCRIPTION', ['unknown key interpolations', 'Did you mean interpolation?']],
    ['one label too many', 'labels', 'MODEL_DESCRIPTION', ['4 labels', '3 outputs']],
    [
      'scores that are not probabilities',
      'scores',
      'MODEL_DESCRIPTION',
      ['its outputs sum to', 'Set output to "logits"'],
    ],
  ];
  for (const [what, model, expected, parts] of failures) {
    it(`fails on ${what} with exit code 2`, async () => {
      const {code, stdout} = await run('predict', 'set/Red', '--model', `${model}.onnx`, '--json');
      expect(code).to.equal(2);
      const {error} = parseAs<ErrorDocument>('error', stdout);
      expect(error.code).to.equal(expected);
      for (const part of parts) expect(`${error.message} ${error.suggestions.join(' ')}`).to.contain(part);
    });
  }
});
