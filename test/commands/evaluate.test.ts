import {mkdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect} from 'chai';
import {rice, temporaryFolder} from '../cli/rice.ts';
import {parseAs} from '../cli/schema.ts';
import {grainJpeg, LABELS, writeColorModel} from './pictures.ts';

interface Document {
  images: number;
  accuracy: number;
  confusion: {labels: string[]; matrix: number[][]};
  perClass: Record<string, {precision: number; recall: number; support: number}>;
  mistakes: {path: string; label: string; predicted: string}[];
  errors: {path: string; code: string}[];
  part: string;
}

describe('rice evaluate', () => {
  const folder = temporaryFolder();
  let env: Record<string, string>;
  before(() => {
    writeColorModel(join(folder(), 'color.onnx'));
    env = {RICE_MODEL: join(folder(), 'color.onnx'), RICE_CACHE_DIR: join(folder(), 'cache')};
    for (const color of ['Red', 'Blue'] as const) {
      mkdirSync(join(folder(), 'set', color), {recursive: true});
      mkdirSync(join(folder(), 'damaged', color), {recursive: true});
      for (let seed = 1; seed <= 10; seed++)
        writeFileSync(join(folder(), 'set', color, `${seed}.jpg`), grainJpeg(color, seed));
      writeFileSync(join(folder(), 'damaged', color, '1.jpg'), grainJpeg(color));
    }
    // One picture lies in the wrong folder.
    writeFileSync(join(folder(), 'set', 'Blue', 'wrong.jpg'), grainJpeg('Red', 99));
    writeFileSync(join(folder(), 'damaged', 'Red', 'empty.jpg'), '');
    mkdirSync(join(folder(), 'strangers', 'Green'), {recursive: true});
    writeFileSync(join(folder(), 'strangers', 'Green', '1.jpg'), grainJpeg('Red'));
  });
  const run = (...args: string[]) => rice(['evaluate', ...args], {cwd: folder(), env});
  const evaluate = async (...args: string[]) => {
    const {code, stdout, stderr} = await run(...args, '--json');
    expect(stderr).to.equal('');
    return {code, ...parseAs<Document>('evaluate', stdout)};
  };

  it('counts right and wrong answers', async () => {
    const {code, images, accuracy, confusion, perClass, mistakes} = await evaluate('set');
    expect([code, images]).to.deep.equal([0, 21]);
    expect(accuracy).to.be.closeTo(20 / 21, 1e-9);
    expect(confusion).to.deep.equal({
      labels: LABELS,
      matrix: [
        [10, 1],
        [0, 10],
      ],
    });
    expect(perClass.Blue).to.deep.include({precision: 1, support: 11});
    expect(mistakes.map(({path, label, predicted}) => [path, label, predicted])).to.deep.equal([
      ['Blue/wrong.jpg', 'Blue', 'Red'],
    ]);
  });

  it('divides the pictures into the parts of the recorded split', async () => {
    const parts = await Promise.all(['train', 'validation', 'test'].map((part) => evaluate('set', '--part', part)));
    expect(parts.map(({part}) => part)).to.deep.equal(['train', 'validation', 'test']);
    expect(parts.reduce((sum, {images}) => sum + images, 0)).to.equal(21);
    for (const {images} of parts) expect(images).to.be.within(1, 20);
  });

  it('shows people the accuracy, the confusion and the mistakes', async () => {
    const {code, stdout, stderr} = await run('set');
    expect([code, stderr]).to.deep.equal([0, '']);
    expect(stdout).to.match(/^95\.24% right: 20 of 21 images \(95 % interval 77\.\d+% to 99\.\d+%\)$/m);
    expect(stdout)
      .to.match(/^Blue +10 +1$/m)
      .and.to.match(/^Red +\. +10$/m);
    expect(stdout).to.match(/Blue\/wrong\.jpg +Blue taken for Red +\d/);
  });

  it('lists unreadable pictures and answers 1', async () => {
    const {code, images, errors} = await evaluate('damaged');
    expect([code, images]).to.deep.equal([1, 2]);
    expect(errors.map((error) => [error.path, error.code])).to.deep.equal([['Red/empty.jpg', 'IMAGE_EMPTY']]);
  });

  const failures: [string, string[], string][] = [
    ['a folder that does not exist', ['missing'], 'PATH_NOT_FOUND'],
    ['pictures without label folders', ['set/Red'], 'DATASET_LAYOUT'],
    ['labels that the model does not know', ['strangers'], 'DATASET_LABELS'],
    ['an unknown part', ['set', '--part', 'tset'], 'USAGE'],
    ['a model that does not exist', ['set', '--model', 'missing.onnx'], 'MODEL_NOT_FOUND'],
  ];
  for (const [what, args, expected] of failures) {
    it(`fails on ${what} with exit code 2`, async () => {
      const {code, stdout} = await run(...args, '--json');
      expect(code).to.equal(2);
      expect(parseAs<{error: {code: string}}>('error', stdout).error.code).to.equal(expected);
    });
  }
});
