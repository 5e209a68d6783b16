import {mkdirSync, readdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect} from 'chai';
import {HAS_MODEL, ROOT, rice, temporaryFolder} from '../../cli/rice.ts';
import {parseAs} from '../../cli/schema.ts';
import {pngHeader} from '../../helpers/images.ts';
import {grainJpeg, LABELS, writeColorModel} from '../pictures.ts';

interface Document {
  model: {name: string; labels: string[]; sha256: string};
  predictions: {
    path: string;
    label: string;
    confidence: number;
    known: boolean;
    reason?: string;
    grain?: {objects: number};
  }[];
  errors: {path: string; code: string; message: string}[];
  summary: {images: number; errors: number; labels: Record<string, number>; unknown: number};
  warnings: string[];
}

describe('rice predict', () => {
  const folder = temporaryFolder();
  let env: Record<string, string>;
  before(() => {
    const write = (path: string, content: string | Buffer) => writeFileSync(join(folder(), path), content);
    for (const name of ['good', 'good/inner', 'bad', 'nothing']) mkdirSync(join(folder(), name));
    writeColorModel(join(folder(), 'color.onnx'));
    env = {RICE_MODEL: join(folder(), 'color.onnx')};
    write('good/a red.jpg', grainJpeg('Red'));
    write('good/b.jpg', grainJpeg('Blue'));
    write('good/grey.jpg', grainJpeg('Grey'));
    write('good/inner/c.jpg', grainJpeg('Blue', 2));
    write('good/.hidden.jpg', 'x');
    write('bad/1 red.jpg', grainJpeg('Red'));
    write('bad/2 empty.jpg', '');
    write('bad/3 text.jpg', 'this is no picture');
    const jpeg = grainJpeg('Blue');
    write('bad/4 truncated.jpg', jpeg.subarray(0, Math.floor(jpeg.length / 2)));
    write('bad/5 huge.png', pngHeader(30_000, 30_000));
    write('bad/6 blue.jpg', jpeg);
    write('nothing/notes.txt', 'x');
    write('text.onnx', 'this is no model');
  });
  const run = (...args: string[]) => rice(['predict', ...args], {cwd: folder(), env});
  const predict = async (...args: string[]) => {
    const {code, stdout, stderr} = await run(...args, '--json');
    expect(stderr).to.equal('');
    return {code, ...parseAs<Document>('predict', stdout)};
  };

  it('answers in the order of the arguments, with exit code 0', async () => {
    const {code, model, predictions, errors, summary} = await predict('good/grey.jpg', 'good');
    expect(code).to.equal(0);
    expect(model).to.include({name: 'color'});
    expect(model.labels).to.deep.equal(LABELS);
    expect(predictions.map(({path}) => path)).to.deep.equal(
      ['good/grey.jpg', 'good/a red.jpg', 'good/b.jpg', 'good/grey.jpg'].map((path) => join(path)),
    );
    expect(predictions.map(({label, known}) => (known ? label : 'unknown'))).to.deep.equal([
      'unknown',
      'Red',
      'Blue',
      'unknown',
    ]);
    expect(predictions[0].reason).to.equal('low confidence');
    expect(predictions[1].grain?.objects).to.equal(1);
    expect(errors).to.deep.equal([]);
    expect(summary).to.deep.include({images: 4, errors: 0, labels: {Red: 1, Blue: 1}, unknown: 2});
  });

  it('searches subfolders on request', async () => {
    const {predictions} = await predict('good', '--recursive');
    expect(predictions.map(({path}) => path)).to.include(join('good', 'inner', 'c.jpg'));
  });

  it('gives an error for each unreadable picture, the other answers, and exit code 1', async () => {
    for (const batch of ['1', '2', '32']) {
      const {code, predictions, errors, summary} = await predict('bad', '--batch-size', batch);
      expect(code).to.equal(1);
      expect(predictions.map(({label}) => label)).to.deep.equal(['Red', 'Blue']);
      expect(errors.map((error) => [error.path, error.code])).to.deep.equal([
        [join('bad', '2 empty.jpg'), 'IMAGE_EMPTY'],
        [join('bad', '3 text.jpg'), 'IMAGE_UNSUPPORTED'],
        [join('bad', '4 truncated.jpg'), 'IMAGE_TRUNCATED'],
        [join('bad', '5 huge.png'), 'IMAGE_TOO_LARGE'],
      ]);
      expect(summary).to.include({images: 2, errors: 4});
    }
  });

  it('prints the same as text, with errors on stderr', async () => {
    const {code, stdout, stderr} = await run('bad');
    expect(code).to.equal(1);
    expect(stdout)
      .to.match(/^bad\/1 red\.jpg +\d+\.\d% █+.* Red$/m)
      .and.to.match(/^bad\/6 blue\.jpg .* Blue$/m);
    expect(stdout).to.match(/^2 pictures in .*, 4 files unreadable: Red 1, Blue 1$/m);
    expect(stderr.match(/^Error /gm)).to.have.length(4);
    expect(stderr).to.match(/^Error IMAGE_TRUNCATED: bad\/4 truncated\.jpg: /m);
  });

  it('answers unknown, and lists further candidates', async () => {
    const {stdout} = await run('good/grey.jpg', '--top-k', '2');
    expect(stdout).to.match(/unknown, nearest \w+ \(low confidence\), then \w+ \d+\.\d%$/m);
    expect(stdout).not.to.contain('picture in');
  });

  it('omits the summary with --quiet', async () => {
    expect((await run('good', '--quiet')).stdout.trim().split('\n')).to.have.length(3);
  });

  it('respects --max-pixels', async () => {
    const {code, errors} = await predict('good/b.jpg', '--max-pixels', '1000');
    expect([code, errors[0].code]).to.deep.equal([1, 'IMAGE_TOO_LARGE']);
  });

  const failures: [string, string[], string][] = [
    ['a path that does not exist', ['good', 'missing.jpg'], 'PATH_NOT_FOUND'],
    ['a folder without pictures', ['nothing'], 'NO_IMAGES'],
    ['a model that does not exist', ['good', '--model', 'missing.onnx'], 'MODEL_NOT_FOUND'],
    ['a file that is not a model', ['good', '--model', 'text.onnx'], 'MODEL_INVALID'],
    [
      'an unavailable device',
      ['good', '--device', process.platform === 'win32' ? 'cuda' : 'dml'],
      'DEVICE_UNAVAILABLE',
    ],
  ];
  for (const [what, args, expected] of failures) {
    it(`fails on ${what} with exit code 2`, async () => {
      const json = await run(...args, '--json');
      expect([json.code, json.stderr]).to.deep.equal([2, '']);
      expect(parseAs<{error: {code: string}}>('error', json.stdout).error.code).to.equal(expected);
      const text = await run(...args);
      expect([text.code, text.stdout]).to.deep.equal([2, '']);
      expect(text.stderr).to.contain(`Error ${expected}: `);
    });
  }

  it('ends silently if stdout is closed', async () => {
    const {code, stderr} = await rice(['predict', 'good'], {cwd: folder(), env, closeStdout: true});
    expect([code, stderr]).to.deep.equal([0, '']);
  });

  it('writes its result to a file completely or not at all', async () => {
    const out = join(folder(), 'out.json');
    const json = await run('good', '--json', '--output', 'out.json');
    expect([json.code, json.stdout, json.stderr]).to.deep.equal([0, '', '']);
    expect(parseAs<Document>('predict', readFileSync(out, 'utf8')).predictions).to.have.length(3);
    const text = await run('good', '--output', 'out.txt');
    expect([text.code, text.stdout]).to.deep.equal([0, '']);
    expect(readFileSync(join(folder(), 'out.txt'), 'utf8')).to.match(/^good\/b\.jpg .* Blue$/m);
    const failed = await run('good', 'missing.jpg', '--json', '--output', 'out.json');
    expect(failed.code).to.equal(2);
    parseAs('error', failed.stdout);
    expect(parseAs<Document>('predict', readFileSync(out, 'utf8')).predictions).to.have.length(3);
    expect((await run('good', '--output', 'no/such/folder.txt')).stderr).to.contain('Error PATH_NOT_FOUND');
    expect(readdirSync(folder()).filter((name) => name.includes('.tmp'))).to.deep.equal([]);
  });

  describe(`with the shipped model${HAS_MODEL ? '' : ' (left out: models/rice.onnx is missing)'}`, () => {
    before(function () {
      if (!HAS_MODEL) this.skip();
    });

    it('answers without a --model', async () => {
      writeFileSync(join(folder(), 'one.jpg'), readFileSync(join(folder(), 'good', 'b.jpg')));
      const {stdout, code} = await rice(['predict', 'one.jpg', '--json'], {cwd: folder()});
      expect(code).to.equal(0);
      expect(parseAs<Document>('predict', stdout).model.labels).to.include('Basmati');
    });

    it('notices one bit in it that was flipped', async () => {
      writeFileSync(join(folder(), 'two.jpg'), readFileSync(join(folder(), 'good', 'b.jpg')));
      const bytes = readFileSync(join(ROOT, 'models', 'rice.onnx'));
      bytes[Math.floor(bytes.length / 2)] ^= 0x40;
      writeFileSync(join(folder(), 'flipped.onnx'), bytes);
      const {stdout, stderr, code} = await rice(['predict', 'two.jpg', '--model', 'flipped.onnx'], {cwd: folder()});
      expect([code, stdout]).to.deep.equal([2, '']);
      expect(stderr).to.match(/^Error MODEL_DAMAGED: flipped\.onnx was changed since it was written/);
    });
  });
});
