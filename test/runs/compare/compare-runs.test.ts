import {rmSync} from 'node:fs';
import {join} from 'node:path';
import {expect} from 'chai';
import {compareRuns} from '../../../src/runs/compare/compare-runs.ts';
import {renderComparison} from '../../../src/runs/compare/comparison-page.ts';
import {readRun} from '../../../src/runs/read-run.ts';
import {DEFAULT_CONFIGURATION, WHOLE_FRAME_INPUT} from '../../../src/training/configuration.ts';
import {temporaryFolder} from '../../cli/rice.ts';
import {answers, type WrittenRun, writeRun} from '../written-runs.ts';

describe('the comparison of runs', () => {
  const folder = temporaryFolder();
  let number = 0;
  const run = (options: WrittenRun) => readRun(writeRun(join(folder(), `run-${++number}`), options));
  const single = (...runs: WrittenRun[]) => {
    const {tests, untested, ...rest} = compareRuns(runs.map(run));
    return {test: tests[0], reason: untested[0]?.reason, ...rest};
  };

  it('pairs pictures by content: only those count on which one is right and the other wrong', () => {
    const {test, notes} = single(
      {right: answers(100, [1, 2, 3])},
      {right: answers(100, [3, 4, 5, 6, 7, 8, 9, 10, 11, 12])},
    );
    expect(test).to.include({pictures: 100, bothRight: 88, onlyFirst: 9, onlySecond: 2, bothWrong: 1, whole: true});
    // 2 (C(11, 0) + C(11, 1) + C(11, 2)) / 2^11
    expect(test.p).to.be.closeTo((2 * (1 + 11 + 55)) / 2048, 1e-12);
    expect(test.better).to.equal(null);
    expect(notes).to.deep.equal([]);
  });

  it('names the better one where that is more than chance, in either order', () => {
    const [good, bad] = [answers(100, []), answers(100, [1, 2, 3, 4, 5, 6])];
    const {test, runs} = single({right: good}, {right: bad});
    expect(test.better).to.equal(runs[0].name);
    const other = single({right: bad}, {right: good});
    expect(other.test.better).to.equal(other.runs[1].name);
  });

  it('compares only the pictures that both were tested with, and says so', () => {
    const options = {digest: `${'b'.repeat(32)}.dir`};
    const {test, notes} = single({right: answers(100, [60])}, {...options, right: answers(100, [70, 120], 50)});
    expect(test).to.include({pictures: 50, onlyFirst: 1, onlySecond: 1, bothWrong: 0, whole: false});
    expect(notes.join()).to.include('trained on different pictures').and.include('those alone');
    const split = {...DEFAULT_CONFIGURATION.split, seed: 5};
    const divided = single({right: answers(9, [])}, {right: answers(9, [], 5), configuration: {split}});
    expect(divided.notes.join()).to.include('divided differently');
    const apart = single({right: answers(9, [])}, {right: answers(9, [], 50), configuration: {split}});
    expect(apart).to.include({test: undefined, reason: 'no picture is in both tests'});
  });

  it('pairs runs of earlier versions by their mistakes, but only where they had the same test', () => {
    const old = {recorded: false};
    const {test} = single({...old, right: answers(100, [1, 2, 3])}, {right: answers(100, [3, 4])});
    expect(test).to.include({pictures: 100, bothRight: 96, onlyFirst: 1, onlySecond: 2, bothWrong: 1, whole: true});
    const other = {...old, digest: `${'b'.repeat(32)}.dir`};
    expect(single({...old, right: answers(9, [])}, {...other, right: answers(9, [])}).reason).to.include(
      'rice train --resume',
    );
    expect(single({right: answers(9, [])}, {}).reason).to.equal('not both were measured on test pictures');
  });

  it('takes no answers for those of a run that were recorded with another measurement', () => {
    const first = run({right: answers(100, [1])});
    const second = run({right: answers(50, [1])});
    // As if the folder had been put together from two.
    second.test = first.test!;
    expect(compareRuns([first, second]).tests[0]).to.include({pictures: 100, onlyFirst: 0, onlySecond: 0});
  });

  it('corrects for the number of pairs', () => {
    const [a, b, c] = [answers(100, []), answers(100, [1, 2, 3, 4, 5, 6]), answers(100, [1, 2, 3, 4, 5, 6])];
    const {tests} = compareRuns([run({right: a}), run({right: b}), run({right: c})]);
    expect(tests).to.have.length(3);
    for (const test of tests.slice(0, 2)) {
      expect(test.p).to.be.below(0.05);
      expect(test.corrected).to.be.above(0.05);
      expect(test.better).to.equal(null);
    }
  });

  it('lists the settings that differ by the names of their flags, also where one has no such setting', () => {
    const {augmentation, schedule} = DEFAULT_CONFIGURATION;
    const {outliers: _, ...without} = augmentation;
    const whole = {wholeFrame: true as const, input: WHOLE_FRAME_INPUT};
    const {settings} = single(
      {right: answers(9, []), configuration: {augmentation: without as typeof augmentation}},
      {right: answers(9, []), configuration: {...whole, schedule: {...schedule, learningRate: 0.01}}},
    );
    expect(settings).to.deep.equal([
      {name: 'lr', values: [0.003, 0.01]},
      {name: 'whole-frame', values: [false, true]},
      {name: 'outlier-share', values: [undefined, augmentation.outliers]},
    ]);
  });

  it('is a page of its own: escaped, without anything from elsewhere', () => {
    const path = writeRun(join(folder(), '<b>&"'), {right: answers(9, [1])});
    const comparison = compareRuns([readRun(path), run({right: answers(9, [])})]);
    const page = renderComparison(comparison, [], '2026-01-02T03:04:05.000Z');
    expect(page)
      .to.include('&lt;b&gt;&amp;&quot;')
      .and.not.match(/<b>|<script|<link|(src|href)="(?!data:|#)|NaN|undefined/);
    expect(page.match(/<figure class="chart">/g)).to.have.length(4);
    rmSync(path, {recursive: true});
  });
});
