import {appendFileSync, mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {expect} from 'chai';
import {passes} from '../../src/tuning/halving.ts';
import {type SearchOptions, search, type TrialRunner} from '../../src/tuning/study/search.ts';
import {Study} from '../../src/tuning/study/study.ts';
import type {Trial} from '../../src/tuning/study/trial.ts';
import {readSweep} from '../../src/tuning/sweep/read-sweep.ts';

const SWEEP = `method: bayes
metric: {name: val/loss}
early_terminate: {type: hyperband, min_iter: 2, eta: 3}
parameters:
  lr: {min: 0.0, max: 1.0}
`;
const EPOCHS = 9;

/** Trains nothing: the loss falls with the epochs toward a value that depends on lr. */
const train: TrialRunner = async ({epochs, parameters}, onEpoch, signal) => {
  const goal = Math.abs((parameters.lr as number) - 0.3);
  for (let epoch = epochs.length + 1; epoch <= EPOCHS; epoch++) {
    if (signal.aborted) return {kind: 'stopped'};
    const loss = goal + 1 / epoch;
    onEpoch(
      {epoch, 'val/loss': loss, 'val/accuracy': 1 - loss, 'train/loss': loss, 'train/accuracy': 0},
      epoch === EPOCHS,
    );
    await Promise.resolve();
  }
  return {kind: 'finished'};
};

describe('a search', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'rice-tune-'));
  });
  afterEach(() => rmSync(folder, {recursive: true, force: true}));

  const studyOf = (text = SWEEP, seed = 1) =>
    new Study(
      folder,
      readSweep(text, 'sweep.yaml', (flag) => ({flag})),
      seed,
    );
  const options = (changes: Partial<SearchOptions> = {}): SearchOptions => ({
    most: 20,
    run: train,
    events: {onTrial() {}, onEpoch() {}, onEnd() {}},
    signal: new AbortController().signal,
    ...changes,
  });
  const settings = (trials: Trial[]) => trials.map(({parameters}) => parameters.lr);

  it('stops trials that are worse, goes on with those that turn out better, and finds the place', async () => {
    const study = studyOf();
    await search(study, options({most: 40}));
    const {trials} = study;
    expect(trials).to.have.length(40);
    const finished = trials.filter(({state}) => state === 'finished');
    expect(finished.length).to.be.within(4, 25);
    for (const trial of trials.filter(({state}) => state === 'stopped')) {
      expect(trial.why).to.equal('halving');
      expect(trial.epochs.length).to.be.oneOf([2, 6]);
    }
    const best = finished.sort((a, b) => a.epochs[8]['val/loss'] - b.epochs[8]['val/loss'])[0];
    expect(best.parameters.lr).to.be.closeTo(0.3, 0.05);
    const events = readFileSync(join(folder, 'trials.ndjson'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(events.filter(({event}) => event === 'resumed').length, 'some were resumed').to.be.above(0);
  });

  it('lets a trial end that is worse only after its last epoch: its model is made already', async () => {
    const study = studyOf(SWEEP.replace('min_iter: 2', 'min_iter: 9'));
    await search(study, options({most: 6}));
    expect(study.trials.map(({state}) => state)).to.deep.equal(Array(6).fill('finished'));
  });

  it('compares with all trials that have come so far, the first always passing', () => {
    const courses = [5, 3, 4, 1, 2, 6].map((loss) => [[9], [loss]]);
    const rule = {rungs: [2], eta: 3, strict: true};
    expect(passes(courses[0], [], 2, rule)).to.equal(true);
    expect(passes(courses[1], [courses[0]], 2, rule)).to.equal(true);
    expect(passes(courses[0], [courses[1]], 2, rule)).to.equal(false);
    const which = (strict: boolean) =>
      courses.filter((course) =>
        passes(
          course,
          courses.filter((each) => each !== course),
          2,
          {...rule, strict},
        ),
      );
    expect(which(true).map(([, [loss]]) => loss)).to.have.members([1, 2]);
    expect(which(false).map(([, [loss]]) => loss)).to.have.members([1, 2, 3]);
  });

  it('suggests the same trials for the same seed, also if it was killed in between', async () => {
    const whole = studyOf();
    await search(whole, options());
    const expected = settings(whole.trials);
    const log = readFileSync(join(folder, 'trials.ndjson'), 'utf8');
    const lines = log.trimEnd().split('\n');
    for (const cut of [0.3, 0.6, 0.9]) {
      rmSync(join(folder, 'trials.ndjson'));
      // A kill leaves a line unfinished.
      appendFileSync(
        join(folder, 'trials.ndjson'),
        `${lines.slice(0, Math.floor(cut * lines.length)).join('\n')}\n{"event":"epo`,
      );
      const resumed = studyOf();
      await search(resumed, options());
      expect(settings(resumed.trials), `cut at ${cut}`).to.deep.equal(expected);
    }
    rmSync(join(folder, 'trials.ndjson'));
    const other = studyOf(SWEEP, 2);
    await search(other, options());
    expect(settings(other.trials)).not.to.deep.equal(expected);
  });

  it('records a trial that fails and goes on, but gives up if all of the first do', async () => {
    const study = studyOf();
    const failing: TrialRunner = (trial, ...rest) =>
      trial.number % 2 === 0
        ? Promise.resolve({kind: 'failed', error: {code: 'TRAINING_DIVERGED', message: 'no'}})
        : train(trial, ...rest);
    await search(study, options({most: 15, run: failing}));
    expect(study.trials).to.have.length(15);
    expect(study.trials[1]).to.deep.include({state: 'failed', error: {code: 'TRAINING_DIVERGED', message: 'no'}});
    rmSync(join(folder, 'trials.ndjson'));
    const broken: TrialRunner = async () => ({kind: 'failed', error: {code: 'USAGE', message: 'wrong'}});
    const error = await search(studyOf(), options({run: broken})).catch((thrown) => thrown);
    expect(error).to.include({code: 'TUNING_FAILED'});
    expect(error.message).to.contain('the first 3 trials failed, trial 1 with USAGE: wrong');
  });

  it('ends with its time, its target, its grid, or a signal, and goes on with what it left', async () => {
    const ended = async (text: string, changes: Partial<SearchOptions>) => {
      rmSync(join(folder, 'trials.ndjson'), {force: true});
      const study = studyOf(text);
      await search(study, options(changes));
      return study;
    };
    let now = 0;
    const slow: TrialRunner = async (...args) => {
      now += 10;
      return train(...args);
    };
    const plain = SWEEP.replace(/early_terminate.*\n/, '');
    expect((await ended(plain, {run: slow, seconds: 34, clock: () => now})).trials).to.have.length(3);
    const target = await ended(plain.replace('{name: val/loss}', '{name: val/loss, target: 0.2}'), {most: 500});
    expect(target.trials.at(-1)!.epochs.at(-1)!['val/loss']).to.be.at.most(0.2);
    const grid = plain.replace('bayes', 'grid').replace('{min: 0.0, max: 1.0}', '{values: [0.1, 0.2, 0.3]}');
    expect(settings((await ended(grid, {})).trials)).to.deep.equal([0.1, 0.2, 0.3]);

    rmSync(join(folder, 'trials.ndjson'));
    const stopping = new AbortController();
    const stopped: TrialRunner = (trial, onEpoch, signal) =>
      train(
        trial,
        (values, last) => {
          onEpoch(values, last);
          if (trial.number === 2 && values.epoch === 4) stopping.abort();
        },
        signal,
      );
    const error = await search(studyOf(plain), options({run: stopped, signal: stopping.signal})).catch(
      (thrown) => thrown,
    );
    expect(error).to.include({code: 'TUNING_INTERRUPTED'});
    const study = studyOf(plain);
    expect(study.trials[1]).to.deep.include({state: 'stopped', why: 'interrupted'});
    expect(study.trials[1].epochs).to.have.length(4);
    await search(study, options({most: 3}));
    expect(study.trials.map(({state, epochs}) => [state, epochs.length])).to.deep.equal(Array(3).fill(['finished', 9]));
  });
});
