import {createHash} from 'node:crypto';
import {mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {expect} from 'chai';
import type {RiceError} from '../../src/common/errors.ts';
import {DEFAULT_CONFIGURATION} from '../../src/training/configuration.ts';
import type {TrainingObserver} from '../../src/training/observer.ts';
import {resumeTraining, startTraining, type TrainingEvents} from '../../src/training/train.ts';
import {writeTree} from '../dataset/fixtures.ts';
import {grainDataset} from './grain-dataset.ts';

const CONFIGURATION = {
  ...DEFAULT_CONFIGURATION,
  input: {width: 48, height: 32},
  batchSize: 8,
  device: 'cpu' as const,
  threads: 1,
  schedule: {...DEFAULT_CONFIGURATION.schedule, epochs: 3},
};

describe('observers of a training', () => {
  let folder = '';
  let cacheBefore: string | undefined;
  const at = (...names: string[]) => join(folder, ...names);

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'rice-test-'));
    cacheBefore = process.env.RICE_CACHE_DIR;
    process.env.RICE_CACHE_DIR = at('cache');
    writeTree(at('data'), grainDataset());
  });

  after(() => {
    if (cacheBefore === undefined) delete process.env.RICE_CACHE_DIR;
    else process.env.RICE_CACHE_DIR = cacheBefore;
    rmSync(folder, {recursive: true, force: true});
  });

  it('hear of the start, each epoch and the end, also when the run is stopped and continued', async () => {
    const heard: string[] = [];
    const stopping = new AbortController();
    const observer: TrainingObserver = {
      name: 'listener',
      started: ({resumed, history}) => heard.push(`started ${resumed} ${history.length}`),
      epoch: ({epoch, best, imagesPerSecond}) => {
        heard.push(`epoch ${epoch} ${typeof best} ${imagesPerSecond! > 0}`);
        if (epoch === 1) stopping.abort();
      },
      finished: ({best}, test) => {
        heard.push(`finished ${best.epoch > 0} ${test!.answers.length}`);
        const {evaluation, answers} = test!;
        expect(answers).to.have.length(evaluation.images);
        const wrong = answers.filter(({label, predicted}) => label !== predicted).map(({path}) => path);
        expect(wrong.sort()).to.deep.equal(evaluation.mistakes.map(({path}) => path).sort());
        const [{path, sha256, confidence}] = answers;
        expect(sha256).to.equal(
          createHash('sha256')
            .update(readFileSync(at('data', path)))
            .digest('hex'),
        );
        expect(confidence).to.be.within(0, 1);
      },
      failed: (error) => void heard.push(`failed ${(error as RiceError).code}`),
    };
    const first = await start('run', [observer], SILENT, stopping.signal).catch((error: RiceError) => error.code);
    expect(first).to.equal('TRAINING_INTERRUPTED');
    const stopped = heard.splice(0);
    expect(stopped.slice(0, 2)).to.deep.equal(['started false 0', 'epoch 1 boolean true']);
    expect(stopped.at(-1)).to.equal('failed TRAINING_INTERRUPTED');
    const before = stopped.filter((each) => each.startsWith('epoch')).length;
    const {test} = await resumeTraining(at('run'), '1.0.0', SILENT, new AbortController().signal, [observer]);
    expect(heard[0]).to.equal(`started true ${before}`);
    expect(heard.filter((each) => each.startsWith('epoch'))).to.have.length(3 - before);
    expect(heard.at(-1)).to.equal(`finished true ${test!.images}`);
  });

  it('do not stop a training when they throw: they are left out, with a warning', async () => {
    const warnings: string[] = [];
    let calls = 0;
    const broken: TrainingObserver = {
      name: 'the broken one',
      message: () => {
        calls++;
        throw new Error('no disk');
      },
      finished: () => {
        calls++;
      },
    };
    const late: TrainingObserver = {name: 'the late one', finished: () => Promise.reject(new Error('no network'))};
    const ends: string[] = [];
    const sound: TrainingObserver = {name: 'the sound one', finished: () => void ends.push('end')};
    const events = {...SILENT, onWarning: (message: string) => warnings.push(message)};
    const {epochs} = await start('thrown', [broken, late, sound], events);
    expect(epochs).to.equal(3);
    expect(calls).to.equal(1);
    expect(ends).to.deep.equal(['end']);
    expect(warnings).to.include('the broken one failed, and was left out from there on: no disk');
    expect(warnings).to.include('the late one failed, and was left out from there on: no network');
  });

  function start(name: string, observers: TrainingObserver[], events = SILENT, signal = new AbortController().signal) {
    const options = {dataset: at('data'), run: at(name), name: 'tiny', version: '1.0.0', settings: []};
    return startTraining({...options, configuration: CONFIGURATION}, events, signal, observers);
  }
});

const SILENT: TrainingEvents = {
  onPhase() {},
  onDataset() {},
  onMessage() {},
  onWarning() {},
};
