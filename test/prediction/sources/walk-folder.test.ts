import {execFileSync} from 'node:child_process';
import {chmodSync, mkdirSync, realpathSync, symlinkSync} from 'node:fs';
import {join} from 'node:path';
import {expect} from 'chai';
import {PORTION} from '../../../src/prediction/picture.ts';
import {walkFolder} from '../../../src/prediction/sources/walk-folder.ts';
import {useTemporaryFolder, writeTree} from '../../dataset/fixtures.ts';
import {collect, pathsOf} from '../collect.ts';

describe('walking a folder', () => {
  const temporary = useTemporaryFolder();
  const at = (...names: string[]) => join(temporary(), ...names);
  const below = (paths: string[]) => paths.map((path) => path.slice(temporary().length + 1));
  const walk = async (options: Parameters<typeof walkFolder>[1]) =>
    below(await pathsOf(walkFolder(temporary(), options)));

  it('yields the pictures by name, then those of its subfolders, without junk files', async () => {
    const tree = {'b.JPG': 'x', 'a.png': 'x', 'z/c.webp': 'x', 'a/d.tif': 'x', 'notes.txt': 'x'};
    writeTree(temporary(), {...tree, '.hidden.jpg': 'x', '.git/e.jpg': 'x', '__MACOSX/f.jpg': 'x', 'Thumbs.db': 'x'});
    expect(await walk({recursive: false})).to.deep.equal(['a.png', 'b.JPG']);
    expect(await walk({recursive: true})).to.deep.equal(['a.png', 'b.JPG', 'a/d.tif', 'z/c.webp']);
    expect(await walk({recursive: true, depth: 0})).to.deep.equal(['a.png', 'b.JPG']);
    expect(await walk({recursive: false, everything: true})).to.deep.equal(['a.png', 'b.JPG', 'notes.txt']);
    expect(await walk({recursive: true, hidden: true})).to.include.members(['.hidden.jpg', '.git/e.jpg']);
  });

  it('goes down as deep as paths may be long', async function () {
    if (process.platform !== 'linux') this.skip();
    // The longest path has 4,095 bytes.
    const levels = Math.floor((4095 - temporary().length - 20) / 2);
    const deepest = 'd/'.repeat(levels);
    writeTree(temporary(), {[`${deepest}a.jpg`]: 'x', 'z.jpg': 'x', [`${'d/'.repeat(levels / 2)}b.jpg`]: 'x'});
    const found = await walk({recursive: true});
    expect(found).to.have.length(3);
    expect(found[0]).to.equal('z.jpg');
    expect(found[2]).to.equal(`${deepest}a.jpg`);
    // Node's own removal is recursive.
    execFileSync('rm', ['-rf', at('d')]);
  });

  it('uses the path relative to the folder as the key', async () => {
    writeTree(temporary(), {'a.jpg': 'x', 'in/b.jpg': 'x', 'in/deep/c.jpg': 'x'});
    const keys = (await collect(walkFolder(temporary(), {recursive: true}))).map(({key}) => key);
    expect(keys).to.deep.equal(['a.jpg', 'in/b.jpg', 'in/deep/c.jpg']);
  });

  it('sorts by code point, in portions', async () => {
    const names = Array.from({length: PORTION + 3}, (_, i) => `${String(i).padStart(4, '0')}.jpg`);
    writeTree(temporary(), Object.fromEntries([...names, '\u{1F35A}.jpg', '\uFF5E.jpg'].map((name) => [name, 'x'])));
    const portions = [...walkFolder(temporary(), {recursive: false})];
    expect(portions.map(({length}) => length)).to.deep.equal([PORTION, 5]);
    expect(await walk({recursive: false})).to.deep.equal([...names, '\uFF5E.jpg', '\u{1F35A}.jpg']);
    expect((await walk({recursive: false, everything: true})).slice(-2)).to.deep.equal(['\uFF5E.jpg', '\u{1F35A}.jpg']);
  });

  it('yields nothing for an empty folder', async () => {
    expect(await walk({recursive: true})).to.deep.equal([]);
  });

  it('reports a missing folder in its place', async () => {
    expect(await pathsOf(walkFolder(at('gone'), {recursive: true}))).to.deep.equal([`${at('gone')}: PATH_NOT_FOUND`]);
  });

  it('skips the folder to sort into, or only its subfolders if it is the root', async () => {
    writeTree(temporary(), {'a.jpg': 'x', 'sorted/b.jpg': 'x', 'sorted/Red/c.jpg': 'x', 'z/d.jpg': 'x'});
    const except = realpathSync(at('sorted'));
    expect(await walk({recursive: true, except})).to.deep.equal(['a.jpg', 'z/d.jpg']);
    expect(below(await pathsOf(walkFolder(at('sorted'), {recursive: true, except})))).to.deep.equal(['sorted/b.jpg']);
  });

  describe('with links', () => {
    before(function () {
      // On Windows, links need a privilege.
      if (process.platform === 'win32') this.skip();
    });

    it('does not follow a link to a parent folder', async () => {
      writeTree(temporary(), {'a.jpg': 'x', 'in/b.jpg': 'x'});
      symlinkSync('..', at('in', 'up'));
      symlinkSync('.', at('self'));
      symlinkSync('circle', at('circle'));
      expect(await walk({recursive: true})).to.deep.equal(['a.jpg', 'in/b.jpg']);
    });

    it('follows two links to the same folder', async () => {
      writeTree(temporary(), {'shared/a.jpg': 'x'});
      for (const name of ['one', 'two']) symlinkSync('shared', at(name));
      expect(await walk({recursive: true})).to.deep.equal(['one/a.jpg', 'shared/a.jpg', 'two/a.jpg']);
    });

    it('reports broken links to pictures, but not to other files', async () => {
      writeTree(temporary(), {'b.jpg': 'x'});
      symlinkSync('nowhere', at('a.jpg'));
      symlinkSync('nowhere', at('link'));
      expect(await walk({recursive: false})).to.deep.equal(['a.jpg', 'b.jpg']);
    });

    it('treats a folder as a folder whatever its name, and opens no pipe', async () => {
      mkdirSync(at('dir.jpg'));
      execFileSync('mkfifo', [at('pipe.jpg')]);
      writeTree(temporary(), {'b.jpg': 'x'});
      expect(await walk({recursive: true})).to.deep.equal(['b.jpg']);
      expect(await walk({recursive: true, everything: true})).to.deep.equal(['b.jpg']);
    });

    it('reports an unreadable folder in its place', async function () {
      // Root can read all folders.
      if (process.getuid?.() === 0) this.skip();
      writeTree(temporary(), {'a/a.jpg': 'x', 'closed/b.jpg': 'x', 'z/c.jpg': 'x'});
      chmodSync(at('closed'), 0);
      try {
        expect(await walk({recursive: true})).to.deep.equal(['a/a.jpg', 'closed: PATH_NOT_READABLE', 'z/c.jpg']);
      } finally {
        chmodSync(at('closed'), 0o700);
      }
    });
  });
});
