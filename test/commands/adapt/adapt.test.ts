import {mkdirSync, readdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect} from 'chai';
import {HAS_MODEL, rice, temporaryFolder} from '../../cli/rice.ts';
import {parseAs} from '../../cli/schema.ts';
import {drawGrain, encodePng, randomNumbers} from '../../helpers/images.ts';

interface Failure {
  error: {code: string; message: string; suggestions: string[]};
}

interface Taught {
  run: string;
  model: string;
  camera?: string;
  labels: string[];
  epochs?: number;
  held: {accuracy: number; images: number; accepted: number; groups: number; labels: Record<string, {images: number}>};
}

interface Answers {
  predictions: {label: string; known: boolean; reason?: string}[];
}

/** Slender grains, of which the model knows some kinds, and round ones, under a lamp of some color. */
function pictures(kind: 'slender' | 'round', count: number, seed: number): Buffer[] {
  const random = randomNumbers(seed);
  const between = (low: number, high: number) => low + (high - low) * random();
  return Array.from({length: count}, (_, i) => {
    const shape =
      kind === 'slender'
        ? {length: between(185, 205), width: between(46, 52)}
        : {length: between(110, 120), width: between(70, 76)};
    const frame = drawGrain({
      size: 250,
      ...shape,
      angle: between(0, 180),
      x: between(118, 132),
      y: between(118, 132),
      noise: 3,
      seed: seed + i,
    });
    for (let at = 0; at < frame.data.length; at += 3) frame.data[at + 2] *= 0.8;
    return encodePng(frame);
  });
}

describe('models made of the shipped one', () => {
  const folder = temporaryFolder();
  const env = () => ({RICE_CACHE_DIR: join(folder(), 'cache')});
  const run = (...args: string[]) => rice(args, {cwd: folder(), env: env()});
  const failure = async (...args: string[]) => {
    const {code, stdout} = await run(...args, '--json');
    expect(code, stdout).to.equal(2);
    return parseAs<Failure>('error', stdout).error;
  };
  const write = (place: string, files: Buffer[]) => {
    mkdirSync(join(folder(), place), {recursive: true});
    for (const [i, file] of files.entries()) writeFileSync(join(folder(), place, `${i}.png`), file);
  };
  before(function () {
    if (!HAS_MODEL) this.skip();
    write('own/Sella', pictures('slender', 12, 1));
    write('own/Pearl', pictures('round', 12, 100));
    write('new/Sella', pictures('slender', 6, 300));
    write('new/Pearl', pictures('round', 6, 400));
    write('camera/grains', pictures('slender', 10, 500));
  });

  it('tell labels of their own after rice train --from rice, the same each time', async () => {
    const args = ['train', 'own', '--from', 'rice', '--out'];
    const {code, stdout, stderr} = await run(...args, 'taught', '--json');
    expect(code, stderr).to.equal(0);
    const taught = parseAs<Taught>('train', stdout);
    expect(taught.labels).to.deep.equal(['Pearl', 'Sella']);
    expect(taught.held).to.include({images: 24, accuracy: 1, groups: 24});
    expect(taught.epochs).to.equal(0);
    expect(readdirSync(join(folder(), 'taught')).sort()).to.deep.equal(['metrics.json', 'model.onnx', 'run.json']);

    const answers = await run('predict', 'new/Sella', 'new/Pearl', '--model', 'taught', '--json');
    const {predictions} = parseAs<Answers>('predict', answers.stdout);
    expect(predictions.map(({label}) => label)).to.deep.equal([
      ...new Array(6).fill('Sella'),
      ...new Array(6).fill('Pearl'),
    ]);
    expect(predictions.filter(({known}) => known).length).to.be.at.least(9);

    const again = await run(...args, 'again', '--json');
    const {weights} = JSON.parse(again.stdout) as {weights: string};
    expect(weights).to.equal((JSON.parse(stdout) as {weights: string}).weights);

    const resumed = await failure('train', '--resume', 'taught');
    expect(resumed.message).to.contain('no training to continue');
  });

  it('can themselves be made into others', async () => {
    const {code, stdout, stderr} = await run('train', 'new', '--from', 'taught', '--out', 'second', '--json');
    expect(code, stderr).to.equal(0);
    expect(parseAs<Taught>('train', stdout).held.accuracy).to.equal(1);
    const answers = await run('predict', 'own/Pearl', '--model', 'second', '--json');
    expect(parseAs<Answers>('predict', answers.stdout).predictions.every(({label}) => label === 'Pearl')).to.equal(
      true,
    );
  });

  it('keep their labels and accept another camera after rice adapt', async () => {
    const {code, stdout, stderr} = await run(
      'adapt',
      'camera/grains',
      '--label',
      'basmati',
      '--out',
      'adapted',
      '--camera',
      'my phone',
      '--json',
    );
    expect(code, stderr).to.equal(0);
    const adapted = parseAs<Taught>('adapt', stdout);
    expect(adapted.camera).to.equal('my phone');
    expect(adapted.labels).to.deep.equal(['Arborio', 'Basmati', 'Ipsala', 'Jasmine', 'Karacadag']);
    expect(adapted.held.labels.Basmati.images).to.equal(10);
    const record = JSON.parse(readFileSync(join(folder(), 'adapted', 'run.json'), 'utf8')) as {
      kind: string;
      camera: string;
    };
    expect(record).to.include({kind: 'adapted', camera: 'my phone'});

    const predict = async (...model: string[]) => {
      const {stdout: text} = await run('predict', 'new/Sella', ...model, '--json');
      return parseAs<Answers>('predict', text).predictions;
    };
    const [before, after] = [await predict(), await predict('--model', 'adapted')];
    const accepted = (answers: Answers['predictions']) =>
      answers.filter(({known, label}) => known && label === 'Basmati').length;
    expect(accepted(after)).to.be.above(accepted(before));
    expect(after.every(({label}) => label === 'Basmati')).to.equal(true);
  });

  it('are listed by rice runs, below the trainings', async () => {
    const {stdout} = await run('runs', '.', '--json');
    const {made} = parseAs<{made: {name: string; kind: string; camera?: string; held: {images: number}}[]}>(
      'runs',
      stdout,
    );
    expect(made.map(({name, kind}) => `${name} ${kind}`)).to.include.members(['taught taught', 'adapted adapted']);
    expect(made.find(({name}) => name === 'adapted')).to.deep.include({camera: 'my phone'});
    const text = (await run('runs', '.')).stdout;
    expect(text).to.match(/taught +\d{4}-\d\d-\d\d \d\d:\d\d +rice 2\.\d+\.\d+ +24 +100\.00% .*Pearl, Sella/);
    expect(text).to.contain('the camera my phone');
  });

  it('are named in a sentence for people', async () => {
    const {stdout, stderr} = await run('train', 'own', '--from', 'rice', '--out', 'shown');
    expect(stdout).to.match(/^model {7}shown\/model\.onnx\nmade of {5}rice 2\.\d+\.\d+ in /);
    expect(stdout).to.contain('accuracy    100.0% (95 % interval 86.2% to 100.0%) of 24 pictures');
    expect(stdout).to.contain('rice predict PICTURE --model shown');
    expect(stderr).to.contain('24 pictures of Pearl, Sella');
  });

  it('are made with warnings of what makes them worse than they look', async () => {
    write('doubtful/Sella', pictures('slender', 6, 1));
    write('doubtful/Pearl', pictures('round', 6, 100));
    writeFileSync(join(folder(), 'doubtful/Pearl', 'copy.png'), pictures('slender', 1, 1)[0]);
    const grains = [0, 1, 2, 3, 4, 5].map((i) => ({file: `${i}.png`, picture: 'one'}));
    writeFileSync(join(folder(), 'doubtful/Sella', 'manifest.json'), JSON.stringify({crops: 1, grains}));
    const {code, stdout} = await run('train', 'doubtful', '--from', 'rice', '--out', 'doubtful-run', '--json');
    expect(code).to.equal(0);
    const {warnings} = JSON.parse(stdout) as {warnings: string[]};
    expect(warnings.join('\n'))
      .to.contain('the same picture has two labels: ')
      .and.to.contain('all pictures of Sella are of one photograph')
      .and.to.contain('fewer than ten pictures of Pearl, Sella');
  });

  it('are refused with a reason: unknown labels, too few pictures, settings without effect, models that say nothing', async () => {
    const unknown = await failure('adapt', 'camera/grains', '--label', 'Basmatti');
    expect(unknown).to.include({code: 'USAGE'});
    expect(unknown.suggestions[0]).to.equal('Did you mean Basmati?');
    expect((await failure('adapt', 'own')).message).to.match(/does not know (Pearl|Sella)/);
    expect((await failure('adapt', 'nowhere', '--label', 'Basmati')).code).to.equal('PATH_NOT_FOUND');

    write('few/Sella', pictures('slender', 1, 600));
    write('few/Pearl', pictures('round', 5, 700));
    const few = await failure('train', 'few', '--from', 'rice');
    expect(few).to.include({code: 'TOO_FEW_PICTURES'});
    expect(few.message).to.contain('Sella has one picture');

    const setting = await failure('train', 'own', '--from', 'rice', '--epochs', '3');
    expect(setting.message).to.contain('epochs has no effect with --from');
    expect((await failure('train', 'own', '--from', 'missing.onnx')).code).to.equal('MODEL_NOT_FOUND');
    expect((await failure('train', 'own', '--from', 'rice', '--out', 'taught')).code).to.equal('RUN_EXISTS');
  });
});
