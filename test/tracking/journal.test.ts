import {appendFileSync, mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect} from 'chai';
import {isTracked, Journal, readJournal} from '../../src/tracking/journal.ts';
import {temporaryFolder} from '../cli/rice.ts';

describe('tracking: the journal', () => {
  const folder = temporaryFolder();
  const run = (name: string) => join(folder(), name);

  it('gives back what was told, in order, numbers that are none included', () => {
    const journal = new Journal(run('a'));
    journal.append({type: 'resume'}, 1);
    journal.append({type: 'metrics', step: 1, values: {a: Number.NaN, b: Number.NEGATIVE_INFINITY, c: 0.1}}, 2);
    journal.append({type: 'log', stream: 'stdout', text: 'ğ "\n'}, 3);
    journal.close();
    expect(readJournal(run('a'))).to.deep.equal([
      {type: 'resume', time: 1},
      {type: 'metrics', step: 1, values: {a: Number.NaN, b: Number.NEGATIVE_INFINITY, c: 0.1}, time: 2},
      {type: 'log', stream: 'stdout', text: 'ğ "\n', time: 3},
    ]);
    expect([isTracked(run('a')), isTracked(run('other'))]).to.deep.equal([true, false]);
  });

  it('goes on behind the last whole line after a kill in the middle of one', () => {
    const journal = new Journal(run('b'));
    journal.append({type: 'resume'}, 1);
    journal.close();
    const path = join(run('b'), 'tracking', 'events.ndjson');
    appendFileSync(path, '{"type":"metr');
    expect(readJournal(run('b'))).to.have.length(1);
    const again = new Journal(run('b'));
    expect(again.events).to.have.length(1);
    again.append({type: 'resume'}, 2);
    again.close();
    expect(readFileSync(path, 'utf8')).to.equal('{"type":"resume","time":1}\n{"type":"resume","time":2}\n');
  });

  it('names the line that is damaged', () => {
    mkdirSync(join(run('c'), 'tracking'), {recursive: true});
    writeFileSync(join(run('c'), 'tracking', 'events.ndjson'), '{"type":"resume","time":1}\n{]\n');
    expect(() => readJournal(run('c'))).to.throw(/is damaged in line 2/);
    expect(() => new Journal(run('c'))).to.throw(/is damaged in line 2/);
  });
});
