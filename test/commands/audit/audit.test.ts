import {existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect} from 'chai';
import type {Audit} from '../../../src/auditing/findings/types.ts';
import {rice, temporaryFolder} from '../../cli/rice.ts';
import {parseAs} from '../../cli/schema.ts';
import {drawGrain, encodeJpeg, type GrainDrawing} from '../../helpers/images.ts';
import {reasonPictures, writeColorModel} from '../pictures.ts';

type Document = Audit & {warnings: string[]; page?: string};

const PER_LABEL = 24;
const WRONG = ['Blue/=red.jpg', 'Blue/wrong 1.jpg', 'Red/wrong 2.jpg'];

/** A grain of its own length on black, from which no other of its color differs by less than 3 %. */
function grain(color: 'Red' | 'Blue', seed: number, drawing: Partial<GrainDrawing> = {}): Buffer {
  const own = {length: 48 * 1.032 ** seed, width: color === 'Red' ? 28 : 31, angle: (seed * 37) % 180};
  const rgb: [number, number, number] = color === 'Red' ? [230, 20, 20] : [20, 20, 230];
  return encodeJpeg(drawGrain({size: 120, ...own, seed, noise: 3, color: rgb, ...drawing}));
}

describe('rice audit', () => {
  const folder = temporaryFolder();
  let env: Record<string, string>;
  before(() => {
    writeColorModel(join(folder(), 'color.onnx'));
    env = {RICE_CACHE_DIR: join(folder(), 'cache')};
    const set = join(folder(), 'set');
    for (const color of ['Red', 'Blue'] as const) {
      mkdirSync(join(set, color), {recursive: true});
      for (let seed = 1; seed <= PER_LABEL; seed++) writeFileSync(join(set, color, `${seed}.jpg`), grain(color, seed));
    }
    writeFileSync(join(set, WRONG[0]), grain('Red', 97, {length: 45}));
    writeFileSync(join(set, WRONG[1]), grain('Red', 98, {length: 43}));
    writeFileSync(join(set, WRONG[2]), grain('Blue', 99, {length: 44}));
  });
  const run = (...args: string[]) => rice(['audit', ...args], {cwd: folder(), env});
  const audit = async (...args: string[]) => {
    const {code, stdout} = await run(...args, '--json');
    return {code, ...parseAs<Document>('audit', stdout)};
  };
  const pathsOf = ({suspects}: Document) => suspects.map(({path}) => path).sort();
  const MODEL = ['--model', 'color.onnx', '--device', 'cpu'];

  it('names the wrong labels, by what was learned from other pictures', async () => {
    const found = await audit('set', ...MODEL, '--folds', '3');
    expect([found.code, found.method, found.folds]).to.deep.equal([0, 'head', 3]);
    expect(pathsOf(found)).to.deep.equal(WRONG);
    expect(found.suspects.find(({path}) => path === WRONG[2])).to.include({label: 'Red', suggested: 'Blue'});
    expect(found.dataset.labels).to.deep.equal({Blue: PER_LABEL + 2, Red: PER_LABEL + 1});
    expect(found.noise?.matrix).to.deep.equal([
      [PER_LABEL, 2],
      [1, PER_LABEL],
    ]);
    expect([found.pictures, found.duplicates, found.nearDuplicates, found.errors]).to.deep.equal([[], [], [], []]);
    expect(found.warnings).to.deep.equal([]);
  });

  it("takes a model's own answers where only --model is given, and warns", async () => {
    const found = await audit('set', ...MODEL);
    expect([found.method, found.folds]).to.deep.equal(['model', undefined]);
    expect(pathsOf(found)).to.deep.equal(WRONG);
    expect(found.warnings.join()).to.contain('it has learned their wrong labels; --folds 5 judges');
  });

  it('trains a network for each fold, keeps what is finished, and leaves no run behind', async function () {
    this.timeout(600_000);
    const args = ['set', '--method', 'network', '--folds', '2', '--device', 'cpu', '--out', 'by-network'];
    const found = await audit(...args);
    expect([found.code, found.method, found.model]).to.deep.equal([0, 'network', undefined]);
    const folds = join(folder(), 'by-network', 'folds');
    const [key] = readdirSync(folds);
    const finished = () =>
      readdirSync(join(folds, key))
        .filter((name) => !name.endsWith('.csv'))
        .sort();
    expect(finished()).to.deep.equal(['fold-1.bin', 'fold-2.bin']);
    // What is kept is used: other answers give other suspects.
    for (const name of finished()) {
      const answers = new Float64Array(readFileSync(join(folds, key, name)).length / 8).fill(0.5);
      writeFileSync(join(folds, key, name), new Uint8Array(answers.buffer));
    }
    expect((await audit(...args)).suspects).to.deep.equal([]);
  });

  it('names copies across labels, the same grain in another file, bad pictures, and files that are none', async () => {
    const set = join(folder(), 'bad');
    for (const color of ['Red', 'Blue'] as const) {
      mkdirSync(join(set, color), {recursive: true});
      for (let seed = 1; seed <= PER_LABEL; seed++) writeFileSync(join(set, color, `${seed}.jpg`), grain(color, seed));
    }
    const reasons = reasonPictures();
    writeFileSync(join(set, 'Red', 'several.jpg'), reasons['several grains']);
    writeFileSync(join(set, 'Red', 'none.jpg'), reasons['no grain']);
    writeFileSync(join(set, 'Blue', 'short.jpg'), grain('Blue', 1, {width: 14}));
    writeFileSync(join(set, 'Blue', 'copy.jpg'), grain('Red', 5));
    writeFileSync(join(set, 'Red', 'turned.jpg'), grain('Red', 7, {angle: 127}));
    writeFileSync(join(set, 'Red', 'text.jpg'), 'no picture');
    const found = await audit('bad', ...MODEL, '--folds', '3');
    expect(found.code).to.equal(1);
    expect(found.errors.map(({path, code}) => [path, code])).to.deep.equal([['Red/text.jpg', 'IMAGE_UNSUPPORTED']]);
    expect(found.duplicates.map(({paths, labels}) => [paths, labels])).to.deep.equal([
      [
        ['Blue/copy.jpg', 'Red/5.jpg'],
        ['Blue', 'Red'],
      ],
    ]);
    expect(found.nearDuplicates.map(({paths}) => paths)).to.deep.equal([['Red/7.jpg', 'Red/turned.jpg']]);
    const problems = found.pictures.map(({path, problem}) => `${path}: ${problem}`);
    expect(problems).to.include.members([
      'Red/several.jpg: several grains',
      'Red/none.jpg: no grain',
      'Blue/short.jpg: size',
    ]);
    expect(pathsOf(found)).to.include('Blue/copy.jpg');
  });

  it('honors corrections: what was corrected is right, what was kept is not named again', async () => {
    const rows = [`${WRONG[0]},,keep,`, `${WRONG[1]},Red,relabel,Blue`, `${WRONG[2]},,exclude,Red`];
    writeFileSync(join(folder(), 'fix.csv'), `path,label,action,given\n${rows.join('\n')}\n`);
    const found = await audit('set', ...MODEL, '--folds', '3', '--corrections', 'fix.csv');
    expect(found.suspects).to.deep.equal([]);
    expect(found.corrections).to.include({relabeled: 1, excluded: 1, kept: 1});
    expect(found.dataset.labels).to.deep.equal({Blue: PER_LABEL + 1, Red: PER_LABEL + 1});
  });

  it('prints a table and CSV that no spreadsheet computes', async () => {
    const {stdout, code} = await run('set', ...MODEL, '--folds', '3');
    expect(code).to.equal(0);
    expect(stdout).to.match(/^3 labels probably wrong, about 5\.88% of all labels: 51 pictures of 2 labels$/m);
    expect(stdout).to.match(/Red\/wrong 2\.jpg +Red, rather Blue +\d/);
    const csv = await run('set', ...MODEL, '--folds', '3', '--format', 'csv');
    const lines = csv.stdout.trimEnd().split('\n');
    expect(lines[0]).to.equal('finding,path,label,suggested,probability,detail');
    expect(lines).to.have.length(4);
    const draft = join(folder(), 'draft.csv');
    expect((await run('set', ...MODEL, '--folds', '3', '--format', 'corrections', '-o', draft)).code).to.equal(0);
    expect(readFileSync(draft, 'utf8'))
      .to.contain('path,label,action,given\n')
      .and.to.contain('Blue/=red.jpg,Red,relabel,Blue\n');
    const left = await audit('set', ...MODEL, '--folds', '3', '--corrections', draft);
    expect([left.suspects, left.corrections?.relabeled]).to.deep.equal([[], 3]);
    expect(csv.stdout).to.match(/^label,Blue\/wrong 1\.jpg,Blue,Red,\d(\.\d+)?,$/m);
  });

  it('needs no second label for the rest, and refuses what makes no sense', async () => {
    mkdirSync(join(folder(), 'one', 'Red'), {recursive: true});
    for (let seed = 1; seed <= 3; seed++)
      writeFileSync(join(folder(), 'one', 'Red', `${seed}.jpg`), grain('Red', seed));
    const one = await audit('one');
    expect([one.code, one.method, one.suspects.length]).to.deep.equal([0, undefined, 0]);
    expect(one.warnings.join()).to.contain('has a single label');
    for (const [args, code] of [
      [['set', '--method', 'model', '--folds', '3'], 'USAGE'],
      [['set', '--folds', '1'], 'OUT_OF_RANGE'],
      [['lost'], 'PATH_NOT_FOUND'],
      [['set', '--corrections', 'lost.csv'], 'PATH_NOT_FOUND'],
    ] as const) {
      const {stdout, code: exit} = await run(...args, '--json');
      expect(exit, args.join(' ')).to.equal(2);
      expect(parseAs<{error: {code: string}}>('error', stdout).error.code, args.join(' ')).to.equal(code);
    }
    expect(existsSync(join(folder(), 'audits', 'lost'))).to.equal(false);
  });
});
