import {existsSync, mkdirSync, readFileSync, symlinkSync, utimesSync, writeFileSync} from 'node:fs';
import {hostname} from 'node:os';
import {join} from 'node:path';
import {expect} from 'chai';
import {DEFAULT_CONFIGURATION} from '../../../src/training/configuration.ts';
import {ROOT, rice, temporaryFolder} from '../../cli/rice.ts';
import {parseAs} from '../../cli/schema.ts';
import {answers, writeRun} from '../../runs/written-runs.ts';

interface Listed {
  best: string | null;
  runs: {
    name: string;
    state: string;
    differences: object;
    test: {accuracy: number} | null;
    validation: object | null;
  }[];
  damaged: {name: string; code: string}[];
}

describe('rice runs', () => {
  const root = temporaryFolder();
  const at = (...names: string[]) => join(root(), ...names);
  const runs = (...args: string[]) => rice(['runs', ...args], {cwd: root()});
  const list = async (...args: string[]) => parseAs<Listed>('runs', (await runs(...args, '--json')).stdout);

  it('says where there is none yet, and that a folder does not exist', async () => {
    expect(await runs()).to.include({code: 0, stdout: 'there are no runs in runs: rice train makes some\n'});
    expect((await list()).runs).to.deep.equal([]);
    const {code, stderr} = await runs('nowhere');
    expect(code).to.equal(2);
    expect(stderr).to.include('PATH_NOT_FOUND: nowhere does not exist');
  });

  describe('with runs of all kinds', () => {
    before(() => {
      const {schedule} = DEFAULT_CONFIGURATION;
      const two = {schedule: {...schedule, epochs: 2}};
      const lr = {schedule: {...schedule, epochs: 2, learningRate: 0.01}};
      writeRun(at('runs', 'best'), {
        validation: 0.95,
        right: answers(100, [1]),
        date: '2026-01-01T00:00:00.000Z',
        configuration: two,
      });
      writeRun(at('runs', 'new'), {
        right: answers(100, [1, 2, 3]),
        date: '2026-03-01T00:00:00.000Z',
        configuration: lr,
      });
      utimesSync(at('runs', 'best', 'model.onnx'), 1, 1);
      writeRun(at('runs', 'begun'), {date: '2026-02-01T00:00:00.000Z'});
      writeRun(at('runs', 'going'), {date: '2026-01-15T00:00:00.000Z'});
      writeFileSync(at('runs', 'going', 'lock.json'), JSON.stringify({pid: process.pid, host: hostname()}));
      mkdirSync(at('runs', 'torn', 'artifact'), {recursive: true});
      mkdirSync(at('runs', 'empty record'));
      writeFileSync(at('runs', 'empty record', 'run.json'), '{}');
      writeFileSync(at('runs', 'notes.txt'), '');
      mkdirSync(at('runs', 'pictures'));
    });

    it('lists them, the newest first, and those that are damaged', async () => {
      const {stdout, code} = await runs();
      expect(code).to.equal(0);
      const lines = stdout.trimEnd().split('\n');
      expect(lines[0]).to.match(
        /^run +date +network +epochs +accuracy +95 % interval +of +state +differs from the default$/,
      );
      expect(lines[1]).to.match(
        /^new +2026-03-01 00:00 +grain4 +2 +97\.00% +91\.55% to 98\.97% +test +finished +epochs 2, lr 0\.01$/,
      );
      expect(lines[2]).to.match(/^begun .* 2 of 22 +90\.00% .* validation +interrupted$/);
      expect(lines[3]).to.match(/^going .* training$/);
      expect(lines[4]).to.match(/^best .* epochs 2$/);
      expect(lines.slice(7)).to.deep.equal(['', 'the most accurate in validation: runs/best, for short --model best']);
      expect(lines[5]).to.match(/^damaged empty record: .*run\.json is not the record of a training run$/);
      expect(lines[6]).to.match(/^damaged torn: .*run\.json is missing$/);
    });

    it('is JSON as well, and sorts', async () => {
      const {best, runs: found, damaged} = await list('--sort', 'accuracy');
      expect(best).to.equal(join('runs', 'best'));
      expect(found.map(({name}) => name)).to.deep.equal(['best', 'new', 'begun', 'going']);
      expect(found[1]).to.deep.include({state: 'finished', differences: {epochs: 2, lr: 0.01}});
      expect(found[1].test).to.deep.include({images: 100, accuracy: 0.97, mistakes: 3});
      expect(found[2]).to.include({test: null});
      expect(found[2].validation).to.deep.include({images: 100, accuracy: 0.9, epoch: 2});
      expect(damaged.map(({name, code}) => [name, code])).to.deep.equal([
        ['empty record', 'RUN_DAMAGED'],
        ['torn', 'RUN_NOT_FOUND'],
      ]);
      expect((await list('--sort', 'name')).runs.map(({name}) => name)).to.deep.equal([
        'begun',
        'best',
        'going',
        'new',
      ]);
      expect((await list('runs/new')).runs.map(({name}) => name)).to.deep.equal(['new']);
      expect((await runs('--sort', 'beauty')).code).to.equal(2);
    });

    it('compares: figures, settings and whether the difference is more than chance', async () => {
      const {code, stdout} = await runs('compare', 'best', 'runs/new', '--html', 'page.html');
      expect(code).to.equal(0);
      expect(stdout)
        .to.match(/^test accuracy +99\.000% +97\.000%$/m)
        .and.match(/^lr +0\.003 +0\.01$/m);
      expect(stdout).to.include('best and new differ by no more than chance may explain (p = 0.50, not below 0.05):');
      expect(stdout).to.include('only best is right on 2, only new is right on 0, neither on 1');
      expect(readFileSync(at('page.html'), 'utf8')).to.include('<h1>No clear difference</h1>');
      const document = parseAs<{tests: object[]; html: null}>(
        'runs-compare',
        (await runs('compare', 'best', 'new', '--json')).stdout,
      );
      expect(document).to.deep.include({html: null, untested: [], notes: []});
      expect(document.tests[0]).to.include({onlyFirst: 2, onlySecond: 0, p: 0.5, better: null});
      const unmeasured = await runs('compare', 'best', 'begun');
      expect(unmeasured.stdout).to.include('best and begun: not both were measured on test pictures');
      expect(unmeasured.stdout).to.include('Not all of the runs are finished.');
    });

    it('refuses to compare what is not there, one alone, or what is damaged', async () => {
      expect((await runs('compare', 'best', 'nwe')).stderr)
        .to.include('RUN_NOT_FOUND')
        .and.include('Did you mean new?');
      expect((await runs('compare', 'best', 'runs/best/')).stderr).to.include('there are no two runs to compare');
      expect((await runs('compare', 'best', 'empty record')).stderr).to.include('RUN_DAMAGED');
      const {code, stderr} = await runs('compare', 'best', 'new', '--html', 'no/folder.html');
      expect(code).to.equal(2);
      expect(stderr).to.include('PATH_NOT_FOUND');
    });

    it('are named in place of a model: by name, best and last', async () => {
      const predict = async (model: string) =>
        (await rice(['predict', join(ROOT, 'test', 'samples', 'basmati-1.jpg'), '--model', model], {cwd: root()}))
          .stderr;
      // The models of these runs are none, and the error names the file.
      expect(await predict('best')).to.include(join('runs', 'best', 'model.onnx'));
      expect(await predict('last')).to.include(join('runs', 'new', 'model.onnx'));
      expect(await predict('new')).to.include(join('runs', 'new', 'model.onnx'));
      expect(await predict('begun')).to.include('a run that has not been finished');
      expect(await predict('bset'))
        .to.include('MODEL_NOT_FOUND')
        .and.include('Did you mean the run best?');
    });

    it('writes the page of a run that has none, and says where it is', async () => {
      expect(existsSync(at('runs', 'new', 'report.html'))).to.equal(false);
      const opened = await runs('open', 'new', '--no-browser');
      expect(opened).to.include({code: 0, stdout: 'runs/new/report.html\n', stderr: ''});
      expect(readFileSync(at('runs', 'new', 'report.html'), 'utf8')).to.include('<h1>97.00% right</h1>');
      const {written} = parseAs<{written: boolean}>('runs-open', (await runs('open', 'new', '--json')).stdout);
      expect(written).to.equal(false);
      // As it is when its process was killed while it trained.
      writeFileSync(at('runs', 'new', 'report.html'), '<meta http-equiv="refresh" content="5">');
      expect((await runs('open', 'new', '--no-browser')).code).to.equal(0);
      expect(readFileSync(at('runs', 'new', 'report.html'), 'utf8')).to.not.include('http-equiv="refresh"');
      expect((await runs('open', 'torn', '--no-browser')).code).to.equal(2);
    });

    it('removes none where one of them is being trained, is no run, or nobody can be asked', async () => {
      expect((await runs('remove', 'begun', 'going', '--yes')).stderr)
        .to.include('RUN_BUSY')
        .and.include('going');
      expect((await runs('remove', 'begun', 'pictures', '--yes')).stderr).to.include('RUN_NOT_FOUND');
      expect((await runs('remove', 'begun', '..', '--yes')).stderr).to.include('RUN_NOT_FOUND');
      expect((await runs('remove', 'begun')).stderr).to.include('asks before it removes');
      expect(existsSync(at('runs', 'begun', 'run.json'))).to.equal(true);
    });

    it('removes those that are named, also damaged ones, and of a link the link alone', async () => {
      symlinkSync(at('runs', 'best'), at('runs', 'link'));
      const {code, stdout} = await runs('remove', 'begun', 'torn', 'link/', 'begun', '--yes', '--json');
      const document = parseAs<{runs: {path: string}[]; removed: boolean}>('runs-remove', stdout);
      expect(code).to.equal(0);
      expect(document.runs.map(({path}) => path)).to.deep.equal(
        ['begun', 'torn', 'link'].map((name) => join('runs', name)),
      );
      for (const name of ['begun', 'torn', 'link']) expect(existsSync(at('runs', name)), name).to.equal(false);
      for (const name of ['best', 'new', 'going'])
        expect(existsSync(at('runs', name, 'run.json')), name).to.equal(true);
    });
  });
});
