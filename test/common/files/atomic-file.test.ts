import {execFileSync} from 'node:child_process';
import {existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect} from 'chai';
import {AtomicFile, checkWritable, writeAtomically} from '../../../src/common/files/atomic-file.ts';
import {rice, temporaryFolder} from '../../cli/rice.ts';

describe('an atomic file', () => {
  const folder = temporaryFolder();
  const at = (name: string) => join(folder(), name);
  before(function () {
    // On Windows, links need a privilege, and there are no named pipes in the file system.
    if (process.platform === 'win32') this.skip();
  });

  it('keeps a link and replaces its target', () => {
    writeFileSync(at('real.txt'), 'old');
    symlinkSync('real.txt', at('link'));
    symlinkSync('not-yet.txt', at('dangling'));
    for (const [link, target] of [
      ['link', 'real.txt'],
      ['dangling', 'not-yet.txt'],
    ]) {
      checkWritable(at(link));
      writeAtomically(at(link), 'new');
      expect(lstatSync(at(link)).isSymbolicLink()).to.equal(true);
      expect(lstatSync(at(target)).isFile()).to.equal(true);
      expect(readFileSync(at(target), 'utf8')).to.equal('new');
    }
    expect(readdirSync(folder()).filter((name) => name.includes('.tmp'))).to.deep.equal([]);
  });

  it('writes into a pipe and leaves it there', async () => {
    execFileSync('mkfifo', [at('pipe')]);
    const reader = rice(['config', '--json', '--output', at('pipe')]);
    const text = execFileSync('cat', [at('pipe')], {encoding: 'utf8'});
    expect(JSON.parse(text)).to.have.property('settings');
    expect(await reader).to.include({code: 0, stderr: ''});
    expect(lstatSync(at('pipe')).isFIFO()).to.equal(true);
  });

  it('is kept under another name, or discarded, if it is incomplete', () => {
    const file = new AtomicFile(at('kept.txt'));
    file.write('half');
    expect(file.keepPartial()).to.equal(at('kept.txt.partial'));
    expect(file.keepPartial()).to.equal(undefined);
    const other = new AtomicFile(at('gone.txt'));
    other.write('half');
    other.discard();
    other.discard();
    expect(other.keepPartial()).to.equal(undefined);
    expect(readFileSync(at('kept.txt.partial'), 'utf8')).to.equal('half');
    expect(readdirSync(folder()).filter((name) => /kept|gone/.test(name))).to.deep.equal(['kept.txt.partial']);
  });

  it('reports a full disk, and keeps nothing', function () {
    if (!existsSync('/dev/full')) this.skip();
    const file = new AtomicFile('/dev/full');
    expect(() => file.write('x')).to.throw('no space left on the disk to write /dev/full');
    expect(file.keepPartial()).to.equal(undefined);
    expect(lstatSync('/dev/full').isCharacterDevice()).to.equal(true);
  });

  it('rejects a folder and a loop of links', () => {
    mkdirSync(at('folder'));
    symlinkSync('circle', at('circle'));
    for (const write of [checkWritable, (path: string) => writeAtomically(path, 'x')]) {
      expect(() => write(at('folder'))).to.throw('it is a folder');
      expect(() => write(at('circle'))).to.throw('too many symbolic links');
    }
  });

  it('replaces a file completely and leaves no temporary file', () => {
    writeAtomically(at('whole'), 'first, and long', {durable: true});
    writeAtomically(at('whole'), Uint8Array.of(1, 2));
    expect([...readFileSync(at('whole'))]).to.deep.equal([1, 2]);
    expect(readdirSync(folder()).filter((name) => name.startsWith('whole'))).to.deep.equal(['whole']);
  });

  it('keeps the old file, and no temporary file, if the rename fails', () => {
    mkdirSync(at('taken/by'), {recursive: true});
    expect(() => writeAtomically(at('taken'), 'x'))
      .to.throw()
      .with.property('code', 'PATH_NOT_WRITABLE');
    expect(() => writeAtomically(at('no/file'), 'x'))
      .to.throw()
      .with.property('code', 'PATH_NOT_FOUND');
    expect(readdirSync(folder()).filter((name) => /^(taken|no$)/.test(name))).to.deep.equal(['taken']);
  });
});
