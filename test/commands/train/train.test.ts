import {createHash} from 'node:crypto';
import {mkdirSync, readFileSync, truncateSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect} from 'chai';
import {withDigest, withoutDigest} from '../../../src/common/digested.ts';
import {rice, temporaryFolder} from '../../cli/rice.ts';
import {parseAs} from '../../cli/schema.ts';
import {grainJpeg, reasonPictures} from '../pictures.ts';

interface Failure {
  error: {code: string; message: string; suggestions: string[]};
}

describe('rice train', () => {
  const folder = temporaryFolder();
  const env = () => ({RICE_CACHE_DIR: join(folder(), 'cache')});
  const train = (...args: string[]) => rice(['train', ...args], {cwd: folder(), env: env()});
  const failure = async (...args: string[]) => {
    const {code, stdout} = await train(...args, '--json');
    expect(code).to.equal(2);
    return parseAs<Failure>('error', stdout).error;
  };
  before(() => {
    for (const [label, color] of [
      ['Red', 'Red'],
      ['Blue', 'Blue'],
    ] as const) {
      const place = join(folder(), 'data', 'Rice_Image_Dataset', label);
      mkdirSync(place, {recursive: true});
      for (let i = 0; i < 40; i++) writeFileSync(join(place, `${i}.jpg`), grainJpeg(color, i + 1));
      mkdirSync(join(folder(), 'texts', label), {recursive: true});
      for (let i = 0; i < 20; i++)
        writeFileSync(join(folder(), 'texts', label, `${i}.jpg`), label === 'Red' ? grainJpeg('Red', i) : 'no picture');
    }
  });

  it('finds the dataset in the default folder, says how to continue, and names a damaged file of a run', async () => {
    const run = join(folder(), "it's a run");
    const {code, stdout, stderr} = await train('--epochs', '1', '--batch-size', '8', '--device', 'cpu', '--out', run);
    expect(stderr).not.to.contain('Error');
    expect(code).to.equal(0);
    expect(stdout).to.contain("it's a run");

    const [, dataset] = /Measure it: rice evaluate (\S+) --part test --model '/.exec(stdout)!;
    expect(dataset).to.equal('data/Rice_Image_Dataset');
    expect(stdout).to.contain(`Use it:     rice predict PICTURE --model 'it'\\''s a run'\n`);
    expect(stdout).to.contain("Share it:   it's a run/model.onnx has everything in one file\n");
    const picture = join(folder(), 'data', 'Rice_Image_Dataset', 'Red', '0.jpg');
    const answer = await rice(['predict', picture, '--model', join(run, 'model.onnx'), '--json']);
    expect(JSON.parse(answer.stdout).model, 'named after its run').to.include({name: "it's a run", version: '1.0.0'});

    const unfinished = JSON.parse(readFileSync(join(run, 'artifact', 'progress.json'), 'utf8'));
    writeFileSync(
      join(run, 'artifact', 'progress.json'),
      JSON.stringify(withDigest({...withoutDigest(unfinished), finished: false, step: 0})),
    );
    expect((await failure('--resume', run, '--lr', '2')).suggestions[0]).to.match(/--resume '.*it'\\''s a run'$/);
    truncateSync(join(run, 'artifact', 'step.onnx'), 1000);
    const graph = await failure('--resume', run);
    expect(graph.code).to.equal('RUN_DAMAGED');
    expect(graph.message).to.contain('step.onnx was changed since it was written');
    writeFileSync(join(run, 'artifact', 'images', 'index.bin'), 'x');
    expect((await failure('--resume', run)).code).to.equal('RUN_DAMAGED');
  });

  it('honors corrections, keeps a copy and the digest, and measures the test part with them', async () => {
    const fix = join(folder(), 'fix.csv');
    const red = Array.from({length: 10}, (_, i) => `Red/${i}.jpg,,exclude,Red\n`);
    writeFileSync(fix, `path,label,action,given\nRed/20.jpg,Blue,relabel,Red\nRed/21.jpg,,keep,Red\n${red.join('')}`);
    const run = join(folder(), 'corrected');
    const options = ['--epochs', '1', '--batch-size', '8', '--device', 'cpu', '--corrections', fix, '--out', run];
    const {code, stdout} = await train(...options);
    expect(code).to.equal(0);
    expect(stdout).to.contain(`--corrections corrected/corrections.csv --part test`);
    const bytes = readFileSync(fix);
    expect(readFileSync(join(run, 'corrections.csv')).equals(bytes)).to.equal(true);
    const {dataset} = JSON.parse(readFileSync(join(run, 'run.json'), 'utf8'));
    expect(dataset.labels).to.deep.equal({Blue: 41, Red: 29});
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    expect(dataset.corrections).to.deep.equal({file: fix, sha256, relabeled: 1, excluded: 10, kept: 1});
    const {test} = JSON.parse(readFileSync(join(run, 'metrics.json'), 'utf8'));
    expect(test.images).to.equal(dataset.split.images.test);
    writeFileSync(fix, 'path,label,action\nRed/1.jpg,Green,relabel\n');
    expect((await failure('--corrections', fix)).code).to.equal('CORRECTIONS_INVALID');
  });

  it('tells before the training, and in the result, of labels without a single grain in most pictures', async () => {
    const pictures = reasonPictures();
    for (const [label, kind] of [
      ['Heaps', 'several grains'],
      ['Nothing', 'no grain'],
    ] as const) {
      mkdirSync(join(folder(), 'mixed', label), {recursive: true});
      // Bytes behind the end of a picture make another file of it.
      for (let i = 0; i < 40; i++)
        writeFileSync(join(folder(), 'mixed', label, `${i}.jpg`), Buffer.concat([pictures[kind], Buffer.from([i])]));
    }
    mkdirSync(join(folder(), 'mixed', 'Red'));
    for (let i = 0; i < 40; i++) writeFileSync(join(folder(), 'mixed', 'Red', `${i}.jpg`), grainJpeg('Red', i + 1));
    const settings = ['mixed', '--epochs', '1', '--batch-size', '8', '--device', 'cpu'];
    const {stdout, stderr, code} = await train(...settings, '--out', 'mixed-1');
    expect(code, stderr).to.equal(0);
    const [before] = stderr.split('\ntraining ');
    expect(before).to.contain(
      'Warning: Heaps: no single grain was found in 40 of 40 pictures (40 show several), such as Heaps/0.jpg; ',
    );
    expect(before).to.contain('Nothing: no single grain was found in 40 of 40 pictures (40 show none), such as ');
    expect(before).not.to.contain('Red: no single grain');
    expect(stdout).to.contain('unknown     most pictures of Heaps, Nothing: no single grain was found in them\n');
    // The second time the pictures come from the cache.
    const again = await train(...settings, '--out', 'mixed-2', '--json');
    const result = parseAs<{withoutSingleGrain: object; warnings: string[]}>('train', again.stdout);
    const recorded = JSON.parse(readFileSync(join(folder(), 'mixed-2', 'run.json'), 'utf8'));
    const expected = {
      Heaps: {images: 40, none: 0, several: 40, example: 'Heaps/0.jpg'},
      Nothing: {images: 40, none: 40, several: 0, example: 'Nothing/0.jpg'},
      Red: {images: 40, none: 0, several: 0},
    };
    expect(result.withoutSingleGrain).to.deep.equal(expected);
    expect(recorded.dataset.withoutSingleGrain).to.deep.equal(expected);
    expect(result.warnings.filter((text) => text.includes('no single grain'))).to.have.length(2);
  });

  it('needs no clock that goes on', async () => {
    const still = join(folder(), 'still.mjs');
    writeFileSync(still, 'performance.now = () => 1; Date.now = () => 1;');
    const options = {cwd: folder(), env: {...env(), NODE_OPTIONS: `--import ${still}`}};
    const args = ['--epochs', '1', '--batch-size', '8', '--device', 'cpu', '--arch', 'conv4', '--json'];
    const {code, stdout} = await rice(['train', ...args, '--out', join(folder(), 'still')], options);
    expect([code, parseAs<{seconds: number}>('train', stdout).seconds]).to.deep.equal([0, 0]);
    const evaluated = await rice(['evaluate', 'data/Rice_Image_Dataset', '--model', 'still', '--json'], options);
    expect([
      evaluated.code,
      parseAs<{imagesPerSecond: number}>('evaluate', evaluated.stdout).imagesPerSecond,
    ]).to.deep.equal([0, 0]);
  });

  it('rejects a label without readable pictures', async () => {
    const {code, message} = await failure('texts', '--epochs', '1', '--batch-size', '8');
    expect(code).to.equal('DATASET_TOO_SMALL');
    expect(message).to.contain('no readable picture of Blue: Blue/0.jpg: ');
  });

  it('names the default folder if no folder was given', async () => {
    const {stdout, code} = await rice(['train', '--json'], {cwd: join(folder(), 'texts'), env: env()});
    expect(code).to.equal(2);
    expect(parseAs<Failure>('error', stdout).error.message).to.contain('data/Rice_Image_Dataset does not exist here');
  });
});
