import {execFileSync} from 'node:child_process';
import {lstatSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect} from 'chai';
import {checkWritable, writeAtomically} from '../../src/cli/atomic-file.ts';
import {rice, temporaryFolder} from './rice.ts';

describe('an atomic file', () => {
  const folder = temporaryFolder();
  const at = (name: string) => join(folder(), name);
  before(function () {
    // Links need a privilege, and there are no named pipes.
    if (process.platform === 'win32') this.skip();
  });

  it('keeps a link and replaces what it points to', () => {
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
    expect(readdirSync(folder()).filter((name) => name.endsWith('.tmp'))).to.deep.equal([]);
  });

  it('writes into a pipe and leaves it there', async () => {
    execFileSync('mkfifo', [at('pipe')]);
    const reader = rice(['config', '--json', '--output', at('pipe')]);
    const text = execFileSync('cat', [at('pipe')], {encoding: 'utf8'});
    expect(JSON.parse(text)).to.have.property('settings');
    expect(await reader).to.include({code: 0, stderr: ''});
    expect(lstatSync(at('pipe')).isFIFO()).to.equal(true);
  });

  it('refuses a folder and a circle of links', () => {
    mkdirSync(at('folder'));
    symlinkSync('circle', at('circle'));
    for (const write of [checkWritable, (path: string) => writeAtomically(path, 'x')]) {
      expect(() => write(at('folder'))).to.throw('it is a folder');
      expect(() => write(at('circle'))).to.throw('too many symbolic links');
    }
  });
});
