import {existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect} from 'chai';
import {rice, temporaryFolder} from '../../cli/rice.ts';
import {parseAs} from '../../cli/schema.ts';
import {description, meansModel, writeModel} from '../../model/external/models.ts';
import {grainJpeg, LABELS, writeColorModel} from '../pictures.ts';

interface Document {
  images: number;
  accuracy: number;
  confusion: {labels: string[]; matrix: number[][]};
  perClass: Record<string, {precision: number; recall: number; support: number}>;
  mistakes: {path: string; label: string; predicted: string}[];
  errors: {path: string; code: string}[];
  calibration: object;
  part: string;
  limit?: number;
  gate?: {minAccuracy: number; passed: boolean};
  report?: string;
  corrections?: {file: string; relabeled: number; excluded: number; kept: number};
  warnings: string[];
  robustness?: {
    change: string;
    images: number;
    accuracy: number;
    unknown: number;
    perClass: Record<string, {recall: number}>;
  }[];
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
    // One picture is in the wrong folder.
    writeFileSync(join(folder(), 'set', 'Blue', 'wrong.jpg'), grainJpeg('Red', 99));
    writeFileSync(join(folder(), 'damaged', 'Red', 'empty.jpg'), '');
    mkdirSync(join(folder(), 'unrelated', 'Green'), {recursive: true});
    writeFileSync(join(folder(), 'unrelated', 'Green', '1.jpg'), grainJpeg('Red'));
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

  it('selects the parts of the recorded split', async () => {
    const parts = await Promise.all(['train', 'validation', 'test'].map((part) => evaluate('set', '--part', part)));
    expect(parts.map(({part}) => part)).to.deep.equal(['train', 'validation', 'test']);
    expect(parts.reduce((sum, {images}) => sum + images, 0)).to.equal(21);
    for (const {images} of parts) expect(images).to.be.within(1, 20);
  });

  it('prints the accuracy, the confusion matrix and the mistakes', async () => {
    const {code, stdout, stderr} = await run('set');
    expect([code, stderr]).to.deep.equal([0, '']);
    expect(stdout).to.match(/^95\.24% right: 20 of 21 pictures \(95 % interval 77\.\d+% to 99\.\d+%\)$/m);
    expect(stdout)
      .to.match(/^Blue +10 +1$/m)
      .and.to.match(/^Red +\. +10$/m);
    expect(stdout).to.match(/Blue\/wrong\.jpg +Blue taken for Red +\d/);
  });

  it('lists unreadable pictures and exits with 1', async () => {
    const {code, images, errors} = await evaluate('damaged');
    expect([code, images]).to.deep.equal([1, 2]);
    expect(errors.map((error) => [error.path, error.code])).to.deep.equal([['Red/empty.jpg', 'IMAGE_EMPTY']]);
  });

  it('honors corrections, and names those that fit no picture', async () => {
    const fix = join(folder(), 'fix.csv');
    writeFileSync(
      fix,
      'path,label,action,given\nBlue/wrong.jpg,Red,relabel,Blue\nBlue/1.jpg,,exclude,Blue\nRed/lost.jpg,,keep,\n',
    );
    const {code, images, accuracy, perClass, corrections, warnings} = await evaluate('set', '--corrections', fix);
    expect([code, images, accuracy]).to.deep.equal([0, 20, 1]);
    expect([perClass.Blue.support, perClass.Red.support]).to.deep.equal([9, 11]);
    expect(corrections).to.include({file: fix, relabeled: 1, excluded: 1, kept: 0});
    expect(warnings).to.deep.equal([`${fix} names what is not there: Red/lost.jpg`]);
    const {stdout} = await run('set', '--corrections', 'missing.csv', '--json');
    expect(parseAs<{error: {code: string}}>('error', stdout).error.code).to.equal('PATH_NOT_FOUND');
  });

  describe('--min-accuracy', () => {
    it('exits with 0 if the model is good enough', async () => {
      // 20 of 21 right.
      for (const minimum of ['0', '.5', '0.95', '0.952']) {
        const {code, gate} = await evaluate('set', '--min-accuracy', minimum);
        expect([code, gate]).to.deep.equal([0, {minAccuracy: Number(minimum), passed: true}]);
      }
      const {code, stdout, stderr} = await run('set', '--min-accuracy', '0.95');
      expect([code, stderr]).to.deep.equal([0, '']);
      expect(stdout).to.contain('--min-accuracy 0.95 reached');
      expect(await evaluate('set')).not.to.have.property('gate');
    });

    it('exits with 1 and one line on stderr if it is not, with and without --json', async () => {
      const line =
        'Error ACCURACY_TOO_LOW: 20 of 21 pictures right, an accuracy of 0.9524: --min-accuracy requires 0.953\n';
      const plain = await run('set', '--min-accuracy', '0.953');
      expect([plain.code, plain.stderr]).to.deep.equal([1, line]);
      expect(plain.stdout).to.match(/^95\.24% right/);
      const {code, stdout, stderr} = await run('set', '--min-accuracy', '0.953', '--json', '--quiet');
      expect([code, stderr]).to.deep.equal([1, line]);
      expect(parseAs<Document>('evaluate', stdout).gate).to.deep.equal({minAccuracy: 0.953, passed: false});
    });

    it('exits with 1 for unreadable files even if the model is good enough', async () => {
      const {code, gate} = await evaluate('damaged', '--min-accuracy', '1');
      expect([code, gate]).to.deep.equal([1, {minAccuracy: 1, passed: true}]);
    });

    for (const [value, reason] of [
      ['99', 'OUT_OF_RANGE'],
      ['1.01', 'OUT_OF_RANGE'],
      ['-0.1', 'OUT_OF_RANGE'],
      ['99%', 'USAGE'],
      ['0,99', 'USAGE'],
      ['1e-1', 'USAGE'],
      ['', 'USAGE'],
    ])
      it(`rejects "${value}" as an accuracy`, async () => {
        const {code, stdout} = await run('set', `--min-accuracy=${value}`, '--json');
        expect(code).to.equal(2);
        const {error} = parseAs<{error: {code: string; message: string}}>('error', stdout);
        expect(error.code).to.equal(reason);
        expect(error.message).to.contain('0.99 means that 99 of 100 pictures must be right');
      });
  });

  describe('--limit', () => {
    it('evaluates equally many of each label, always the same', async () => {
      const {code, images, limit, perClass} = await evaluate('set', '--limit', '8');
      expect([code, images, limit]).to.deep.equal([0, 8, 8]);
      expect([perClass.Blue.support, perClass.Red.support]).to.deep.equal([4, 4]);
      mkdirSync(join(folder(), 'renamed', 'Red'), {recursive: true});
      mkdirSync(join(folder(), 'renamed', 'Blue'), {recursive: true});
      for (const label of ['Red', 'Blue'])
        for (const [i, name] of readdirSync(join(folder(), 'set', label)).entries())
          writeFileSync(
            join(folder(), 'renamed', label, `${100 - i}.jpg`),
            readFileSync(join(folder(), 'set', label, name)),
          );
      const again = await evaluate('renamed', '--limit', '8');
      const [one, other] = [await evaluate('set', '--limit', '8'), again].map(({calibration}) => calibration);
      expect(one).to.deep.equal(other);
    });

    it('takes all pictures if there are fewer, and only those of the chosen part', async () => {
      expect((await evaluate('set', '--limit', '500')).images).to.equal(21);
      const whole = await evaluate('set', '--part', 'train');
      const some = await evaluate('set', '--part', 'train', '--limit', '2');
      expect(some.images).to.equal(Math.min(2, whole.images));
    });

    it('must be at least 1', async () => {
      const {code, stdout} = await run('set', '--limit', '0', '--json');
      expect(code).to.equal(2);
      expect(parseAs<{error: {code: string}}>('error', stdout).error.code).to.equal('OUT_OF_RANGE');
    });
  });

  describe('--report', () => {
    const page = (name: string) => readFileSync(join(folder(), name), 'utf8');

    it('writes a page with the figures and a picture of the mistake', async () => {
      const {code, stdout, stderr} = await run('set', '--report', 'page.html', '--part', 'all');
      expect([code, stderr]).to.deep.equal([0, '']);
      expect(stdout).to.contain('Report with pictures of the mistakes: page.html');
      const html = page('page.html');
      expect(html).to.contain('<h1>95.24% right</h1>').and.to.contain('</html>');
      expect(html).to.contain('rice evaluate set --report page.html --part all');
      const [, data] =
        /<img src="data:image\/jpeg;base64,([^"]*)" width="120" height="120" alt="Blue, taken for Red: Blue\/wrong\.jpg">/.exec(
          html,
        )!;
      expect(Buffer.from(data, 'base64').equals(grainJpeg('Red', 99))).to.equal(true);
      expect(html).not.to.match(/https?:/i);
      expect(readdirSync(folder()).filter((name) => name.startsWith('page'))).to.deep.equal(['page.html']);
    });

    it('is named in the JSON document, lists unreadable files, and shows a failed gate', async () => {
      const {stdout} = await run('damaged', '--json', '--report', 'damaged.html');
      expect(parseAs<Document>('evaluate', stdout).report).to.equal('damaged.html');
      expect(page('damaged.html')).to.contain('Red/empty.jpg').and.to.contain('IMAGE_EMPTY');
      await run('set', '--report', 'gate.html', '--min-accuracy', '0.99', '--quiet');
      expect(page('gate.html')).to.contain('<strong>Not good enough:</strong> at least 99.00% is required');
    });

    it('escapes names', async function () {
      if (process.platform === 'win32') this.skip();
      const name = '<img src=x onerror=alert(1)>.jpg';
      mkdirSync(join(folder(), 'hostile', 'Blue'), {recursive: true});
      writeFileSync(join(folder(), 'hostile', 'Blue', name), grainJpeg('Red', 5));
      writeFileSync(join(folder(), 'hostile', 'Blue', `"'><script>alert(1)<.jpg`), '');
      expect((await run('hostile', '--report', 'hostile.html')).code).to.equal(1);
      const html = page('hostile.html');
      expect(html).to.contain('Blue/&lt;img src=x onerror=alert(1)&gt;.jpg');
      expect(html.match(/<img /g)).to.have.length(1);
      expect(html).not.to.contain('<script');
    });

    it('fails before any work if the page cannot be written, and leaves nothing behind', async () => {
      const {code, stdout} = await run('set', '--json', '--report', 'nowhere/page.html');
      expect(code).to.equal(2);
      expect(parseAs<{error: {code: string}}>('error', stdout).error.code).to.equal('PATH_NOT_FOUND');
      expect(existsSync(join(folder(), 'nowhere'))).to.equal(false);
    });
  });

  describe('--robustness', () => {
    it('measures the same pictures with every change, with the same result every time', async () => {
      const {code, accuracy, robustness} = await evaluate('set', '--robustness');
      expect(code).to.equal(0);
      const rows = new Map(robustness!.map((row) => [row.change, row]));
      expect([...rows.keys()].slice(0, 4)).to.deep.equal(['none', 'grey', 'scale-0.75', 'scale-1.33']);
      expect(rows).to.have.length(21);
      for (const {images} of rows.values()) expect(images).to.equal(21);
      expect(rows.get('none')!.accuracy).to.equal(accuracy);
      for (const same of ['rotation', 'shift', 'jpeg-30', 'blur', 'noise', 'scale-0.75', 'brightness-0.7'])
        expect(rows.get(same)!.accuracy, same).to.equal(accuracy);
      // Without color, the color model answers "unknown".
      expect(rows.get('grey')!.unknown).to.equal(21);
      expect(rows.get('grey')!.accuracy).to.be.below(accuracy);
      const again = await evaluate('set', '--robustness', '--threads', '1');
      expect(again.robustness).to.deep.equal(robustness);
    });

    it('skips unreadable pictures', async () => {
      const {code, robustness} = await evaluate('damaged', '--robustness');
      expect(code).to.equal(1);
      expect(robustness![0]).to.deep.include({change: 'none', images: 2, accuracy: 1});
    });

    it('is printed as a table and in the report', async () => {
      const {stdout} = await run('set', '--robustness', '--limit', '4', '--report', 'robust.html');
      expect(stdout).to.match(
        /^The same pictures, changed\n +change +accuracy +95 % interval +unknown +worst variety$/m,
      );
      expect(stdout).to.match(/^ {2}none +100\.00% +51\.01% to 100\.00% +0\.0% +all alike$/m);
      expect(readFileSync(join(folder(), 'robust.html'), 'utf8')).to.contain('<h2 id="robustness">');
    });

    it('works for external models', async () => {
      const colors = {...description({labels: ['red', 'green', 'blue'], temperature: 0.05}), name: 'colors'};
      writeModel(folder(), 'colors', meansModel(), colors);
      const {code, robustness} = await evaluate('set', '--robustness', '--limit', '6', '--model', 'colors.onnx');
      expect(code).to.equal(0);
      const blue = robustness!.find(({change}) => change === 'background-blue')!;
      expect(blue.perClass).to.deep.equal({red: {recall: 0}, green: {recall: null}, blue: {recall: 1}});
    });
  });

  const failures: [string, string[], string][] = [
    ['a folder that does not exist', ['missing'], 'PATH_NOT_FOUND'],
    ['pictures without label folders', ['set/Red'], 'DATASET_LAYOUT'],
    ['labels that the model does not know', ['unrelated'], 'DATASET_LABELS'],
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
