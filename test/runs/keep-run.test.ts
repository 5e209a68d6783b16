import {existsSync, mkdirSync, readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect} from 'chai';
import type {RiceError} from '../../src/common/errors.ts';
import {keepRun} from '../../src/runs/keep-run.ts';
import {readRun} from '../../src/runs/read-run.ts';
import {readTestAnswers, writeTestAnswers} from '../../src/runs/test-answers.ts';
import type {TrainingObserver} from '../../src/training/observer.ts';
import {resumeTraining} from '../../src/training/train.ts';
import type {WorkerMessage} from '../../src/training/worker/messages.ts';
import {temporaryFolder} from '../cli/rice.ts';
import {SILENT, trainIn, trainingFolder} from './training-runs.ts';

describe('what is kept beside a run', () => {
  const root = temporaryFolder();
  let restore = () => {};
  before(() => {
    restore = trainingFolder(root());
  });
  after(() => restore());
  const at = (...names: string[]) => join(root(), ...names);
  const read = (...names: string[]) => readFileSync(at(...names), 'utf8');
  const resume = (name: string, observers = keepRun()) =>
    resumeTraining(at(name), '1.0.0', SILENT, new AbortController().signal, observers);

  it('has each epoch once in results.csv, also of a run that was killed and continued', async () => {
    let killed = false;
    const onMessage = (message: WorkerMessage) => {
      if (message.type !== 'step' || message.epoch !== 2 || killed) return;
      killed = true;
      process.kill(JSON.parse(read('killed', 'artifact', 'lock.json')).pid, 'SIGKILL');
    };
    const during: string[] = [];
    const look: TrainingObserver = {name: 'a look', epoch: () => void during.push(read('killed', 'report.html'))};
    const error = await trainIn(root(), 'killed', [...keepRun(), look], {events: {onMessage}}).catch(
      (e: RiceError) => e,
    );
    expect(error).to.include({code: 'TRAINING_FAILED'});
    const failed = readRun(at('killed'));
    expect(failed).to.include({state: 'failed'});
    expect(failed.status!.error!.message).to.include('SIGKILL');
    expect(rows('killed').map(([epoch]) => epoch)).to.deep.equal(['1']);
    // Whoever looks during the training sees a page that renews itself, afterwards one that does not.
    expect(during[0]).to.match(/<meta http-equiv="refresh" content="5">/);
    const page = read('killed', 'report.html');
    expect(page).to.not.include('http-equiv="refresh"');
    expect(page).to.include('<strong>Failed</strong> after 1 of 3 epochs.').and.include('SIGKILL');
    expect(page).to.include(`rice train --resume ${at('killed')}`);
    await resume('killed');
    const {epochs} = JSON.parse(read('killed', 'metrics.json')) as {epochs: Record<string, number>[]};
    const written = rows('killed').map((row) => row.map(Number));
    const keys = ['epoch', 'loss', 'validationLoss', 'validationAccuracy', 'learningRate'];
    expect(written.map((row) => row.slice(0, 5))).to.deep.equal(epochs.map((epoch) => keys.map((key) => epoch[key])));
    for (const row of written) expect(row[5]).to.be.above(0);
    const finished = readRun(at('killed'));
    expect(finished).to.include({state: 'finished', device: 'cpu'});
    expect(finished.status).to.include({sessions: 2}).and.not.have.property('error');
    expect(readdirSync(at('killed'))).to.have.members([
      'artifact',
      'metrics.json',
      'model.onnx',
      'report.html',
      'results.csv',
      'run.json',
      'status.json',
      'test-answers.csv',
      'worker.log',
    ]);
  });

  it('is one page without anything from elsewhere, with all that the run came to', async () => {
    const page = read('killed', 'report.html');
    expect(page).to.not.match(/<script|<link|(src|href)="(?!data:|#)/);
    const {test} = readRun(at('killed'));
    expect(page).to.include(`${test!.images - test!.mistakes.length} of ${test!.images} pictures of the test part`);
    for (const id of ['curves', 'confusion', 'varieties', 'calibration', 'mistakes', 'samples', 'settings', 'about'])
      expect(page, id).to.include(`<h2 id="${id}">`);
    expect(page.match(/<img src="data:image\/jpeg;base64,[^"]+" width="48" height="32"/g)).to.have.length(16);
    expect(page).to.match(
      /<code>batch-size<\/code><\/th><td class="number"><mark>8<\/mark><\/td><td class="number">64</,
    );
    expect(page).to.include(
      `rice train ${at('data')} --batch-size 8 --epochs 3 --average-decay 0.9 --device cpu --threads 1 --image-size 48</code>`,
    );
  });

  it('says so of a run that was interrupted, and shows what there is', async () => {
    const stopping = new AbortController();
    const stop: TrainingObserver = {name: 'a stop', message: ({type}) => type === 'started' && stopping.abort()};
    await trainIn(root(), 'stopped', [...keepRun(), stop], {signal: stopping.signal}).catch(() => {});
    expect(readRun(at('stopped'))).to.include({state: 'interrupted'});
    const page = read('stopped', 'report.html');
    expect(page).to.include('<h1>No epoch yet</h1>').and.include('<strong>Interrupted</strong> after 0 of 3 epochs');
    expect(page).to.include('<h2 id="samples">').and.not.include('<h2 id="curves">');
    expect(rows('stopped')).to.deep.equal([]);
  });

  it('never stops a training: what cannot be written is a warning', async () => {
    const warnings: string[] = [];
    const block: TrainingObserver = {
      name: 'a block',
      started: ({folder}) => {
        for (const name of ['report.html', 'results.csv']) mkdirSync(join(folder, name));
      },
    };
    const onWarning = (message: string) => warnings.push(message);
    const {model} = await trainIn(root(), 'blocked', [block, ...keepRun()], {events: {onWarning}});
    expect(existsSync(model)).to.equal(true);
    expect(warnings.filter((each) => each.includes('it is a folder'))).to.have.length(2);
    expect(readRun(at('blocked'))).to.have.nested.property('test.accuracy');
  });

  it('has the answers to the test pictures, also to those with hostile names', () => {
    const {test} = readRun(at('killed'));
    const answers = readTestAnswers(at('killed'))!;
    expect(answers).to.have.length(test!.images);
    expect(answers.filter(({label, predicted}) => label !== predicted)).to.have.length(test!.mistakes.length);
    const answer = {sha256: '0123456789abcdef', label: '=a', predicted: 'b"c', confidence: 0.5, known: false};
    const hostile = ['a,b.jpg', '=1+1.jpg', 'c\nd.jpg', '"e".jpg', ' f;g.jpg'].map((path) => ({path, ...answer}));
    writeTestAnswers(root(), hostile);
    expect(readTestAnswers(root())).to.deep.equal(hostile);
    expect(readTestAnswers(at('data'))).to.equal(undefined);
  });

  function rows(name: string): string[][] {
    const [header, ...lines] = read(name, 'results.csv').trimEnd().split('\n');
    expect(header).to.equal('epoch,train/loss,val/loss,val/accuracy,lr,images_per_second');
    return lines.map((line) => line.split(','));
  }
});
