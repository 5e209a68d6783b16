import {existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect} from 'chai';
import {HAS_MODEL, ROOT, rice, temporaryFolder} from '../../cli/rice.ts';
import {parseAs} from '../../cli/schema.ts';
import {DESCRIPTION, externalNetwork} from '../../explanation/models.ts';
import {grainJpeg} from '../pictures.ts';

interface Document {
  predictions: {path: string; similar: {path: string; label: string; similarity: number}[]}[];
}

const SAMPLES = join(ROOT, 'test', 'samples');
const LABELS = ['Arborio', 'Basmati', 'Ipsala', 'Jasmine', 'Karacadag'];

describe('rice predict --similar', function () {
  if (!HAS_MODEL) this.pending = true;
  const folder = temporaryFolder();
  let env: Record<string, string>;

  before(() => {
    env = {RICE_CACHE_DIR: join(folder(), 'cache')};
    for (const label of LABELS) {
      mkdirSync(join(folder(), 'known', label), {recursive: true});
      for (const number of [1, 2]) {
        const name = `${label.toLowerCase()}-${number}.jpg`;
        writeFileSync(join(folder(), 'known', label, name), readFileSync(join(SAMPLES, name)));
      }
    }
  });
  const run = (...args: string[]) => rice(args, {cwd: folder(), env});
  const similarTo = async (...args: string[]) => {
    const {code, stdout, stderr} = await run('predict', ...args, '--json', '--quiet');
    expect({code, stderr}).to.deep.equal({code: 0, stderr: ''});
    return parseAs<Document>('predict', stdout).predictions.map(({similar}) => similar);
  };

  it('lists the most similar pictures of a folder, the picture itself first where it is there', async () => {
    const pictures = LABELS.map((label) => join(SAMPLES, `${label.toLowerCase()}-1.jpg`));
    const similar = await similarTo(...pictures, '--similar', '2', '--similar-to', 'known');
    similar.forEach((those, i) => {
      expect(those).to.have.length(2);
      expect(those[0].path).to.equal(join('known', LABELS[i], `${LABELS[i].toLowerCase()}-1.jpg`));
      expect(those[0].label).to.equal(LABELS[i]);
      expect(those[0].similarity).to.be.closeTo(1, 1e-4);
      expect(those[1].similarity).to.be.below(0.9999);
    });
    expect(readdirSync(join(folder(), 'cache', 'features'))).to.have.length(1);
  });

  it('makes the index once, and again where a picture was added', async () => {
    const [index] = readdirSync(join(folder(), 'cache', 'features'));
    const file = join(folder(), 'cache', 'features', index, 'vectors.bin');
    const before = readFileSync(file);
    await similarTo(join(SAMPLES, 'ipsala-1.jpg'), '--similar', '1', '--similar-to', 'known');
    expect(readdirSync(join(folder(), 'cache', 'features'))).to.deep.equal([index]);
    expect(readFileSync(file).equals(before)).to.equal(true);
    writeFileSync(join(folder(), 'known', 'Ipsala', 'more.jpg'), grainJpeg('Grey'));
    await similarTo(join(SAMPLES, 'ipsala-1.jpg'), '--similar', '1', '--similar-to', 'known');
    expect(readdirSync(join(folder(), 'cache', 'features'))).to.have.length(2);
    const {stdout} = await run('clean', '--dry-run', '--json');
    expect(parseAs<{entries: {kind: string}[]}>('clean', stdout).entries.map(({kind}) => kind)).to.include('features');
  });

  it('searches the training part of a run, whose index stays with it, and is made again for other weights', async () => {
    for (const label of ['Red', 'Blue'])
      for (let i = 0; i < 12; i++) {
        mkdirSync(join(folder(), 'colors', label), {recursive: true});
        writeFileSync(join(folder(), 'colors', label, `${i}.jpg`), grainJpeg(label as 'Red', i + 1));
      }
    const trained = await run('train', 'colors', '--epochs', '1', '--out', 'mine', '--arch', 'conv4', '--quiet');
    expect(trained.code, trained.stderr).to.equal(0);
    const [similar] = await similarTo(join('colors', 'Red', '0.jpg'), '--model', 'mine', '--similar', '3');
    expect(similar).to.have.length(3);
    for (const {path, label} of similar) {
      expect(existsSync(path), path).to.equal(true);
      expect(path).to.include(label);
    }
    const {paths} = JSON.parse(readFileSync(join(folder(), 'mine', 'index', 'index.json'), 'utf8'));
    const {dataset} = JSON.parse(readFileSync(join(folder(), 'mine', 'run.json'), 'utf8'));
    expect(paths).to.have.length(dataset.split.images.train);
    const index = join(folder(), 'mine', 'index', 'vectors.bin');
    const whole = readFileSync(index);
    writeFileSync(index, 'damaged');
    await similarTo(join('colors', 'Red', '0.jpg'), '--model', 'mine', '--similar', '3');
    expect(readFileSync(index).equals(whole)).to.equal(true);
  });

  it('shows them below each answer, and in the picture of the explanation', async () => {
    const picture = join(SAMPLES, 'jasmine-2.jpg');
    const {code, stdout} = await run('predict', picture, '--similar', '2', '--similar-to', 'known', '--explain', 'why');
    expect(code).to.equal(0);
    expect(stdout.split('\n')[1]).to.match(/^ {2}like 1\.000 {2}Jasmine +known.Jasmine.jasmine-2\.jpg$/);
    const plain = await run('predict', picture, '--explain', 'plain');
    expect(plain.code).to.equal(0);
    const heightOf = (name: string) => readFileSync(join(folder(), name, 'jasmine-2-explained.png')).readUInt32BE(20);
    expect(heightOf('why')).to.be.above(heightOf('plain') + 56);
  });

  it('says how where the training pictures are not here, and where a model has no features', async () => {
    const picture = join(SAMPLES, 'jasmine-2.jpg');
    const shipped = await run('predict', picture, '--similar', '2');
    expect(shipped.code).to.equal(2);
    expect(shipped.stderr)
      .to.match(/FEATURES_MISSING.*not here/)
      .and.to.include('--similar-to DIR');
    writeFileSync(join(folder(), 'other.onnx'), externalNetwork());
    writeFileSync(join(folder(), 'other.json'), JSON.stringify(DESCRIPTION));
    const other = await run('predict', picture, '--similar', '2', '--model', 'other.onnx', '--similar-to', 'known');
    expect(other.code).to.equal(2);
    expect(other.stderr).to.match(/FEATURES_MISSING.*no output features/);
    const flat = await run('predict', picture, '--similar', '2', '--similar-to', SAMPLES);
    expect(flat.stderr).to.match(/DATASET_LAYOUT/);
    rmSync(join(folder(), 'mine', 'artifact'), {recursive: true, force: true});
    const bare = await run('predict', picture, '--similar', '2', '--model', 'mine');
    expect(bare.stderr).to.match(/FEATURES_MISSING/);
  });
});
