import {mkdirSync} from 'node:fs';
import {join} from 'node:path';
import {expect} from 'chai';
import {readJournal} from '../../src/tracking/journal.ts';
import {RunTracking} from '../../src/tracking/run-tracking.ts';
import {temporaryFolder} from '../cli/rice.ts';
import {describedRun} from './events.ts';

describe('tracking: a run', () => {
  const folder = temporaryFolder();
  const warnings: string[] = [];
  const options = () => {
    const run = join(folder(), 'runs', 'grain4-1');
    mkdirSync(run, {recursive: true});
    return {run, now: () => 1, env: {}, warn: (message: string) => warnings.push(message)};
  };
  const types = () => readJournal(options().run).map(({type}) => type);

  it('is told to its end and no further, and goes on only if it was interrupted', async () => {
    const describe = () => describedRun(folder());
    const tracking = RunTracking.begin({...options(), trackers: ['dvclive'], metricNames: 'rice', describe})!;
    tracking.tell({type: 'metrics', step: 1, values: {loss: 1}});
    expect([...tracking.epochs]).to.deep.equal([1]);
    expect(await tracking.finish('killed')).to.deep.equal([
      {tracker: 'dvclive', state: 'written', place: join(folder(), 'dvclive')},
    ]);
    tracking.tell({type: 'log', stream: 'stdout', text: 'a warning of the end'});
    expect(types()).to.deep.equal(['start', 'metrics', 'system', 'finish']);

    const again = RunTracking.resume(options())!;
    await again.finish('finished');
    expect(types()).to.deep.equal(['start', 'metrics', 'system', 'finish', 'resume', 'system', 'finish']);
    expect(RunTracking.resume(options()), 'it was told to its end').to.equal(undefined);
    await RunTracking.resume(options(), true)!.finish('finished');
    expect(types().slice(-3), 'it was extended').to.deep.equal(['resume', 'system', 'finish']);
    expect(RunTracking.resume({...options(), run: folder()}), 'it is not tracked').to.equal(undefined);
    expect(warnings).to.deep.equal([]);
  });

  it('is not tracked twice at once, which is told and stops nothing', async () => {
    const tracked = {...options(), trackers: ['dvclive'] as const, metricNames: 'rice' as const};
    const run = join(folder(), 'runs', 'another');
    mkdirSync(run);
    const describe = () => describedRun(folder(), {folder: run});
    const first = RunTracking.begin({...tracked, run, describe})!;
    expect(RunTracking.begin({...tracked, run, describe})).to.equal(undefined);
    expect(warnings.splice(0)[0]).to.contain('the run is not tracked: ').and.contain('is training this run');
    await first.finish('finished');
  });
});
