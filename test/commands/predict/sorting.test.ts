import {execFileSync} from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import {join} from 'node:path';
import {setTimeout} from 'node:timers/promises';
import {expect} from 'chai';
import {predictProject, summaryOf} from './project.ts';

describe('rice predict --sort-into', () => {
  const {at, write, run, start, json, jpegs} = predictProject();
  beforeEach(() => {
    for (const name of ['photos', 'sorted']) rmSync(at(name), {recursive: true, force: true});
    write({'photos/a.jpg': 'Red', 'photos/b.jpg': 'Blue', 'photos/c.jpg': 'Grey', 'photos/d.jpg': Buffer.from('x')});
    write({'photos/in/a.jpg': 'Blue', 'photos/in/e.jpg': 'Red'});
  });
  const tree = (folder: string) =>
    readdirSync(at(folder), {recursive: true, withFileTypes: true})
      .filter((entry) => !entry.isDirectory())
      .map((entry) => join(entry.parentPath, entry.name).slice(at(folder).length + 1))
      .sort();

  it('copies, and reports the destination', async () => {
    const {code, predictions, errors} = await json(['photos', '-r', '--sort-into', 'sorted']);
    expect(code).to.equal(1);
    expect(errors.map(({path}) => path)).to.deep.equal(['photos/d.jpg']);
    expect(tree('sorted')).to.deep.equal(['Blue/a.jpg', 'Blue/b.jpg', 'Red/a.jpg', 'Red/e.jpg', 'unknown/c.jpg']);
    for (const {path, sortedTo} of predictions) expect(readFileSync(sortedTo!)).to.deep.equal(readFileSync(at(path)));
    await run(['photos', '-r', '--sort-into', 'sorted']);
    expect(tree('sorted')).to.have.length(5);
    const csv = await run(['photos/a.jpg', '--sort-into', 'sorted', '--format', 'csv']);
    expect(csv.stdout).to.contain(`,,,${at('sorted/Red/a.jpg')},`);
  });

  it('moves, and leaves unreadable pictures', async () => {
    await run(['photos', '-r', '--sort-into', 'sorted', '--move', '--unknown-as', 'rest']);
    expect(tree('sorted')).to.deep.equal(['Blue/a.jpg', 'Blue/b.jpg', 'Red/a.jpg', 'Red/e.jpg', 'rest/c.jpg']);
    expect(tree('photos')).to.deep.equal(['d.jpg']);
  });

  it('links', async () => {
    await run(['photos/a.jpg', '--sort-into', 'sorted', '--link']);
    expect(statSync(at('sorted/Red/a.jpg')).ino).to.equal(statSync(at('photos/a.jpg')).ino);
  });

  it('sorts a folder into itself without an endless loop', async () => {
    for (let i = 0; i < 2; i++) await run(['photos', '-r', '--sort-into', 'photos/sorted']);
    expect(tree('photos/sorted')).to.have.length(5);
    const {predictions} = await json(['photos', '-r', '--sort-into', 'photos/sorted']);
    expect(predictions).to.have.length(5);
    await run(['.', '--sort-into', '.', '--move'], {cwd: at('photos')});
    expect(tree('photos').filter((name) => !name.startsWith('sorted/'))).to.deep.equal([
      'Blue/b.jpg',
      'Red/a.jpg',
      'd.jpg',
      'in/a.jpg',
      'in/e.jpg',
      'unknown/c.jpg',
    ]);
  });

  it('sorts again after it has sorted', async () => {
    await run(['photos', '--sort-into', 'sorted', '--move']);
    const {code} = await run(['sorted/unknown', 'sorted/Red', '--sort-into', 'sorted', '--move', '--min-confidence=0']);
    expect(code).to.equal(0);
    expect(tree('sorted')).to.deep.equal(['Blue/b.jpg', 'Red/a.jpg', 'Red/c.jpg']);
  });

  it('answers a picture twice that is named twice, but moves it once', async () => {
    const {predictions, errors} = await json(['photos/a.jpg', 'photos/a.jpg', '--sort-into', 'sorted', '--move']);
    expect(predictions.map(summaryOf)).to.deep.equal(['photos/a.jpg: Red']);
    expect(errors.map(summaryOf)).to.deep.equal(['photos/a.jpg: PATH_NOT_FOUND']);
    expect(tree('sorted')).to.deep.equal(['Red/a.jpg']);
  });

  it('warns that only regular files are sorted', async () => {
    const {code, predictions} = await json(['-', '--sort-into', 'sorted'], {input: jpegs.Red});
    expect(code).to.equal(1);
    expect(predictions[0].warnings).to.deep.equal(['not sorted: only regular files can be sorted']);
    if (process.platform === 'win32') return;
    execFileSync('mkfifo', [at('pipe')]);
    const fed = json(['pipe', '--sort-into', 'sorted']);
    execFileSync('sh', ['-c', 'cat photos/a.jpg > pipe'], {cwd: at()});
    expect((await fed).predictions[0].warnings).to.have.length(1);
    expect(tree('sorted')).to.deep.equal([]);
  });

  it('does not follow a link out of the folder', async function () {
    if (process.platform === 'win32') this.skip();
    mkdirSync(at('sorted'));
    mkdirSync(at('elsewhere'));
    symlinkSync(at('elsewhere'), at('sorted/Red'));
    const {code, errors} = await json(['photos/a.jpg', '--sort-into', 'sorted']);
    expect([code, errors[0].code]).to.deep.equal([1, 'PATH_NOT_WRITABLE']);
    expect(readdirSync(at('elsewhere'))).to.deep.equal([]);
  });

  it('rejects labels that lead out of the folder before any work', async () => {
    const {code, stdout, stderr} = await run(['photos', '--sort-into', 'sorted', '--unknown-as', '../../x']);
    expect([code, stdout]).to.deep.equal([2, '']);
    expect(stderr).to.match(/^Error PATH_NOT_WRITABLE: the label "\.\.\/\.\.\/x" cannot be the name of a folder\n/);
    expect(existsSync(at('sorted'))).to.equal(false);
  });

  it('rejects a folder that is not writable', async () => {
    writeFileSync(at('file'), '');
    for (const folder of ['file', 'file/in']) {
      const {code, stdout} = await run(['photos', '--sort-into', folder]);
      expect([code, stdout], folder).to.deep.equal([2, '']);
    }
    mkdirSync(at('sorted'));
    writeFileSync(at('sorted/Red'), '');
    const {code, errors} = await json(['photos/a.jpg', 'photos/b.jpg', '--sort-into', 'sorted', '--move']);
    expect([code, ...errors.map(summaryOf)]).to.deep.equal([1, 'photos/a.jpg: PATH_NOT_WRITABLE']);
    expect(existsSync(at('photos/a.jpg'))).to.equal(true);
  });

  it('moves each picture to another disk once, however often it is killed', async function () {
    // Linux has a disk of its own in memory there.
    const elsewhere = statSync('/dev/shm', {throwIfNoEntry: false});
    if (!elsewhere || elsewhere.dev === statSync(at('photos')).dev) this.skip();
    const photos = mkdtempSync('/dev/shm/rice-test-');
    try {
      const count = 24;
      for (let i = 0; i < count; i++) writeFileSync(join(photos, `${i}.jpg`), jpegs[i % 2 ? 'Red' : 'Blue']);
      const args = [photos, '--sort-into', 'sorted', '--move', '--quiet'];
      for (let kills = 0; kills < 5; kills++) {
        const left = readdirSync(photos).length;
        const {child, ended} = start(args);
        while (child.exitCode === null && readdirSync(photos).length === left) await setTimeout(1);
        child.kill('SIGKILL');
        await ended;
      }
      if (readdirSync(photos).length > 0) await run(args);
      // The next run, with nothing to move, tidies as well.
      write({'photos/last.jpg': 'Red'});
      await run(['photos/last.jpg', '--sort-into', 'sorted', '--move']);
      expect(readdirSync(photos)).to.deep.equal([]);
      expect(tree('sorted')).to.have.length(count + 1);
      expect(tree('sorted').filter((path) => !path.endsWith('.jpg') || path.includes('-2'))).to.deep.equal([]);
    } finally {
      rmSync(photos, {recursive: true});
    }
  });
});
