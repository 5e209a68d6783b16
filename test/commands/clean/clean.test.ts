import {spawnSync} from 'node:child_process';
import {existsSync, mkdirSync, readdirSync, writeFileSync} from 'node:fs';
import {hostname} from 'node:os';
import {dirname, join, relative} from 'node:path';
import {expect} from 'chai';
import {temporaryName} from '../../../src/common/files/temporary-folder.ts';
import {otherPlatforms} from '../../../src/model/other-platforms.ts';
import {BIN, rice, temporaryFolder} from '../../cli/rice.ts';
import {parseAs} from '../../cli/schema.ts';

interface Cleaned {
  folder: string;
  entries: {kind: string; paths: string[]; bytes: number}[];
  bytes: number;
  removed: boolean;
  kept: string[];
}

describe('rice clean', () => {
  const root = temporaryFolder();
  let next = 0;
  let cache: string;
  const put = (...path: string[]) => {
    const file = join(cache, ...path);
    mkdirSync(dirname(file), {recursive: true});
    writeFileSync(file, 'x'.repeat(10_000));
    return file;
  };
  const clean = (...args: string[]) => rice(['clean', ...args], {env: {RICE_CACHE_DIR: cache}});
  beforeEach(() => {
    cache = join(root(), `cache${next++}`);
    put('prepared-0123456789abcdef', 'patches.bin');
    put('downloads', '0123456789abcdef', 'whole');
    put('manifests', '0123456789abcdef.json');
    put('audits', 'measurements-4-1.bin');
    put('datasets', '87e1.md5');
    put('autocomplete', 'functions', 'bash', 'rice.bash');
  });

  it('shows what there is, and removes nothing, with --dry-run', async () => {
    const {code, stdout} = await clean('--dry-run', '--json');
    const {entries, bytes, removed, folder} = parseAs<Cleaned>('clean', stdout);
    expect([code, removed, folder]).to.deep.equal([0, false, cache]);
    expect(entries.map(({kind}) => kind)).to.have.members([
      'prepared',
      'downloads',
      'manifests',
      'audits',
      'datasets',
      'autocomplete',
    ]);
    expect(bytes).to.be.within(50_000, 200_000);
    expect((await clean('--dry-run')).stdout).to.match(/^prepared .* kB {2}pictures as the network/m);
    expect(readdirSync(cache)).to.have.length(6);
  });

  it('removes everything with --yes, the folder as well', async () => {
    const {code, stdout, stderr} = await clean('--yes');
    expect([code, stderr]).to.deep.equal([0, '']);
    expect(stdout).to.match(/^removed .* kB$/m);
    expect(existsSync(cache)).to.equal(false);
    expect((await clean('--yes')).stdout).to.match(/^nothing to remove in /);
  });

  it('leaves what rice has not made, what is being made and what another process downloads', async () => {
    const own = put('notes.txt');
    const living = put(`${temporaryName('prepared-0123456789abcdef')}`, 'patches.bin');
    const dead = put('prepared-0123456789abcdef.tmp-00000000-1-00', 'patches.bin');
    writeFileSync(
      join(cache, 'downloads', '0123456789abcdef.lock'),
      JSON.stringify({pid: process.pid, host: hostname()}),
    );
    const {code, stdout} = await clean('--yes', '--json');
    const {kept} = parseAs<Cleaned>('clean', stdout);
    expect([code, kept]).to.deep.equal([0, [join(cache, 'downloads', '0123456789abcdef')]]);
    for (const path of [own, living, kept[0]]) expect(existsSync(path), path).to.equal(true);
    // Of another machine, and not yet a day old.
    expect(existsSync(dead)).to.equal(true);
    expect(existsSync(join(cache, 'prepared-0123456789abcdef'))).to.equal(false);
  });

  it('wants --yes where nobody can be asked', async () => {
    for (const json of [[], ['--json']]) {
      const {code, stdout, stderr} = await clean(...json);
      expect(code).to.equal(2);
      expect(stdout + stderr).to.contain('no terminal to ask at');
    }
    expect(readdirSync(cache)).to.have.length(6);
  });

  it('is not told yes by a variable or a file', async () => {
    const {code, stderr} = await rice(['clean'], {env: {RICE_CACHE_DIR: cache, RICE_CLEAN_YES: '1'}});
    expect(code).to.equal(2);
    expect(stderr).to.contain('RICE_CLEAN_YES is set, but no setting has this name');
  });

  for (const [answer, removed] of [
    ['y\n', true],
    ['\n', false],
    ['no\n', false],
  ] as const)
    it(`asks on a terminal, and takes ${JSON.stringify(answer)} for ${removed ? 'yes' : 'no'}`, function () {
      if (spawnSync('script', ['--version']).status !== 0) this.skip();
      const line = `'${process.execPath}' '${BIN}' clean`;
      const env = {...process.env, RICE_CACHE_DIR: cache};
      const {stdout, status} = spawnSync('script', ['-qec', line, '/dev/null'], {input: answer, env, encoding: 'utf8'});
      expect(stdout).to.match(/Remove .*kB\? \[y\/N\]/);
      expect(status).to.equal(0);
      expect(existsSync(cache)).to.equal(!removed);
    });

  it('finds the libraries for other systems, where its own are there', () => {
    const runtime = join(root(), 'runtime');
    for (const platform of ['linux/x64', 'linux/arm64', 'win32/x64'])
      mkdirSync(join(runtime, 'bin', 'napi-v6', platform), {recursive: true});
    const find = (platform: string, arch: string) =>
      otherPlatforms(runtime, {platform, arch}).map((path) => relative(join(runtime, 'bin', 'napi-v6'), path));
    expect(find('linux', 'x64')).to.have.members([join('linux', 'arm64'), join('win32', 'x64')]);
    expect(find('darwin', 'x64')).to.deep.equal([]);
  });

  it('shows them with --other-platforms', async () => {
    const {code, stdout} = await clean('--other-platforms', '--dry-run', '--json');
    const {entries} = parseAs<Cleaned>('clean', stdout);
    expect(code).to.equal(0);
    for (const {kind} of entries) expect(kind).not.to.equal(`napi-v6/${process.platform}/${process.arch}`);
  });
});
