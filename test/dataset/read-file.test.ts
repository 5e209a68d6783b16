import {execFileSync, spawn} from 'node:child_process';
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {expect} from 'chai';
import {readPicture, readWholeFile} from '../../src/dataset/read-file.ts';

describe('reading a file', () => {
  let folder = '';
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'rice-test-'));
    writeFileSync(join(folder, 'file'), 'x'.repeat(1000));
  });
  after(() => rmSync(folder, {recursive: true, force: true}));

  async function codeOf(reading: () => unknown): Promise<unknown> {
    try {
      await reading();
    } catch (error) {
      return (error as {code?: string}).code;
    }
    return undefined;
  }

  it('reads regular files up to the limit', async () => {
    const file = join(folder, 'file');
    expect(String(await readPicture(file, 1000))).to.equal('x'.repeat(1000));
    expect(await codeOf(() => readPicture(file, 999))).to.equal('IMAGE_TOO_LARGE');
    expect(await codeOf(() => readWholeFile(file, 1000, 999))).to.equal('IMAGE_TOO_LARGE');
    expect(await codeOf(() => readPicture(join(folder, 'missing')))).to.equal('ENOENT');
  });

  it('reads a pipe with a late writer, and endless devices up to the limit', async function () {
    if (process.platform === 'win32') this.skip();
    const pipe = join(folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    const reading = readPicture(pipe);
    spawn('sh', ['-c', 'printf a > "$0"', pipe]);
    expect(String(await reading)).to.equal('a');
    expect(await codeOf(() => readPicture('/dev/zero', 100_000))).to.equal('IMAGE_TOO_LARGE');
    expect(await readPicture('/dev/null')).to.have.length(0);
  });
});
