import {linkSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect} from 'chai';
import {rice, temporaryFolder} from '../../cli/rice.ts';
import {parseAs} from '../../cli/schema.ts';

interface Moved {
  moved: {from: string; to: string}[];
  skipped: {path: string; reason: string}[];
}

const FILES = ['Blue/1.jpg', 'Blue/2.jpg', 'Blue/deep/3.jpg', 'Red/1.jpg', 'Red/2.jpg'];

describe('rice audit --apply', () => {
  const folder = temporaryFolder();
  const set = () => join(folder(), 'set');
  /** Each file with what is in it. */
  const tree = (root = set()) =>
    Object.fromEntries(
      readdirSync(root, {recursive: true, withFileTypes: true})
        .filter((entry) => entry.isFile())
        .map(({parentPath, name}) => join(parentPath, name))
        .map((path) => [path.slice(root.length + 1).replaceAll('\\', '/'), readFileSync(path, 'utf8')])
        .sort(),
    );
  const before = Object.fromEntries(FILES.map((path) => [path, `content of ${path}`]));
  const move = async (...args: string[]) => {
    const {code, stdout} = await rice(['audit', 'set', ...args, '--json'], {cwd: folder()});
    return {code, ...parseAs<Moved>('audit-apply', stdout)};
  };
  const corrections = (...rows: string[]) =>
    writeFileSync(join(folder(), 'fix.csv'), `path,label,action,given\n${rows.join('\n')}\n`);
  const APPLY = ['--corrections', 'fix.csv', '--apply'];
  beforeEach(() => {
    for (const name of ['set', 'set-excluded', 'audits']) rmSync(join(folder(), name), {recursive: true, force: true});
    for (const path of FILES) {
      mkdirSync(join(set(), path, '..'), {recursive: true});
      writeFileSync(join(set(), path), before[path]);
    }
  });

  it('moves files to their labels and out of the dataset, replaces none, and moves them back', async () => {
    corrections(
      'Blue/1.jpg,Red,relabel,Blue',
      'Blue/deep/3.jpg,Red,relabel,Blue',
      'Red/2.jpg,,exclude,Red',
      'Red/1.jpg,,keep,',
    );
    const {code, moved, skipped} = await move(...APPLY);
    expect([code, skipped]).to.deep.equal([0, []]);
    expect(moved).to.deep.equal([
      {from: 'Blue/1.jpg', to: 'Red/1-2.jpg'},
      {from: 'Blue/deep/3.jpg', to: 'Red/deep/3.jpg'},
      {from: 'Red/2.jpg', to: '../set-excluded/Red/2.jpg'},
    ]);
    expect(tree()).to.deep.equal({
      'Blue/2.jpg': before['Blue/2.jpg'],
      'Red/1.jpg': before['Red/1.jpg'],
      'Red/1-2.jpg': before['Blue/1.jpg'],
      'Red/deep/3.jpg': before['Blue/deep/3.jpg'],
    });
    expect(tree(join(folder(), 'set-excluded'))).to.deep.equal({'Red/2.jpg': before['Red/2.jpg']});
    // Once more: there is nothing left to do, and nothing to complain about.
    expect(await move(...APPLY))
      .to.include({code: 0})
      .and.to.deep.include({moved: [], skipped: []});
    expect((await move('--undo')).moved).to.have.length(3);
    expect(tree()).to.deep.equal(before);
    expect(readdirSync(folder())).not.to.include('set-excluded');
    expect((await move('--undo')).moved).to.deep.equal([]);
  });

  it('goes on after a kill between the two names of a file, and within a line of the log', async () => {
    corrections('Blue/1.jpg,Red,relabel,Blue', 'Blue/2.jpg,Red,relabel,Blue');
    await move(...APPLY);
    // As if the process had been killed at the second file: both names, and half a line.
    linkSync(join(set(), 'Red/2-2.jpg'), join(set(), 'Blue/2.jpg'));
    const log = join(folder(), 'audits', 'set', 'moves.ndjson');
    writeFileSync(log, `${readFileSync(log, 'utf8')}{"from":"Blue/2`);
    expect((await move(...APPLY)).code).to.equal(0);
    expect(Object.keys(tree())).to.deep.equal([
      'Blue/deep/3.jpg',
      'Red/1-2.jpg',
      'Red/1.jpg',
      'Red/2-2.jpg',
      'Red/2.jpg',
    ]);
    await move('--undo');
    expect(tree()).to.deep.equal(before);
  });

  it('leaves alone what is not as it was, and says so', async () => {
    corrections('Blue/1.jpg,Red,relabel,Green', 'Blue/9.jpg,Red,relabel,', 'Blue/2.jpg,Red,relabel,Blue');
    const {skipped} = await move(...APPLY);
    expect(skipped.map(({path}) => path)).to.deep.equal(['Blue/1.jpg', 'Blue/9.jpg']);
    writeFileSync(join(set(), 'Red/2-2.jpg'), 'changed');
    const undone = await move('--undo');
    expect(undone.skipped.map(({path}) => path)).to.deep.equal(['Red/2-2.jpg']);
    expect(tree()).to.include({'Red/2-2.jpg': 'changed'});
  });

  it('refuses labels that are none, an empty label, and flags that make no sense', async () => {
    for (const [rows, args] of [
      [['Blue/1.jpg,Green,relabel,'], APPLY],
      [['Red/1.jpg,Blue,relabel,', 'Red/2.jpg,,exclude,'], APPLY],
      [['Blue/1.jpg,Red,relabel,'], ['--apply']],
      [['Blue/1.jpg,Red,relabel,'], [...APPLY, '--undo']],
    ] as const) {
      corrections(...rows);
      const {code} = await rice(['audit', 'set', ...args, '--json'], {cwd: folder()});
      expect(code, args.join(' ')).to.equal(2);
      expect(tree()).to.deep.equal(before);
    }
  });
});
