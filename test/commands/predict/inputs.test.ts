import {execFileSync, spawnSync} from 'node:child_process';
import {mkdirSync, rmSync, symlinkSync, writeFileSync} from 'node:fs';
import {expect} from 'chai';
import {BIN} from '../../cli/rice.ts';
import {parseAs} from '../../cli/schema.ts';
import {type PictureServer, startPictureServer} from '../../helpers/picture-server.ts';
import {HOSTILE_NAMES} from './formats/entries.ts';
import {linesOf, predictProject, summaryOf} from './project.ts';

const POSIX = process.platform !== 'win32';

describe('rice predict reads', () => {
  const {at, write, run, start, json, jpegs} = predictProject();
  before(() => {
    write({'photos/a.jpg': 'Red', 'photos/b.png': 'Blue', 'photos/in/c.jpg': 'Grey', 'odd [1].jpg': 'Blue'});
    write({'photos/.hidden.jpg': 'Red', 'photos/text.jpg': Buffer.from('no picture'), 'empty/notes.txt': Buffer.of()});
  });
  const lines = async (args: string[], more: Parameters<typeof run>[1] = {}) => {
    const {stdout, code, stderr} = await run([...args, '--format', 'ndjson'], more);
    return {code, stderr, lines: linesOf(stdout)};
  };

  it('files, folders and patterns together, in order', async () => {
    const {code, lines: found} = await lines(['odd [1].jpg', 'photos', 'photos/**/c.*', 'photos/{b,a}.*']);
    expect(found).to.deep.equal([
      'odd [1].jpg: Blue',
      'photos/a.jpg: Red',
      'photos/b.png: Blue',
      'photos/text.jpg: IMAGE_UNSUPPORTED',
      'photos/in/c.jpg: unknown',
      'photos/a.jpg: Red',
      'photos/b.png: Blue',
    ]);
    expect(code).to.equal(1);
  });

  it('nothing if one of several arguments is wrong', async () => {
    for (const [wrong, code] of [
      ['empty', 'NO_IMAGES'],
      ['gone.jpg', 'PATH_NOT_FOUND'],
      ['photos/*.tif', 'NO_IMAGES'],
      ['gone/*.jpg', 'PATH_NOT_FOUND'],
      ['http://127.0.0.1/x.jpg', 'USAGE'],
    ]) {
      const {code: exit, stdout, stderr} = await run(['photos', wrong, 'odd [1].jpg', '--sort-into', 'not-made']);
      expect([exit, stdout], wrong).to.deep.equal([2, '']);
      expect(stderr).to.contain(`Error ${code}: `);
      expect(() => rmSync(at('not-made'), {recursive: true}), wrong).to.throw('ENOENT');
    }
  });

  it('a picture on standard input', async () => {
    const {predictions, code} = await json(['-', 'photos/a.jpg'], {input: jpegs.Blue});
    expect(predictions.map(summaryOf)).to.deep.equal(['-: Blue', 'photos/a.jpg: Red']);
    expect(code).to.equal(0);
    const {errors} = await json(['-'], {input: ''});
    expect(errors.map(summaryOf)).to.deep.equal(['-: IMAGE_EMPTY']);
    const twice = await run(['-', '-'], {input: jpegs.Blue});
    expect(twice).to.include({code: 2, stdout: ''});
    expect(twice.stderr).to.match(/^Error USAGE: standard input can only be read once/);
  });

  it('a list, separated by newlines or NULs, from a file or from standard input', async () => {
    const paths = ['photos/a.jpg', 'gone.jpg', 'photos/in', 'empty'];
    const expected = [
      'odd [1].jpg: Blue',
      'photos/a.jpg: Red',
      'gone.jpg: PATH_NOT_FOUND',
      'photos/in/c.jpg: unknown',
      'empty: NO_IMAGES',
    ];
    for (const text of [`${paths.join('\n')}\n`, `\uFEFF${paths.join('\r\n')}`, `${paths.join('\0')}\0`]) {
      writeFileSync(at('list.txt'), text);
      expect((await lines(['odd [1].jpg', '--files-from', 'list.txt'])).lines).to.deep.equal(expected);
      const piped = await lines(['odd [1].jpg', '--files-from', '-'], {input: text});
      expect(piped).to.deep.equal({code: 1, stderr: '', lines: expected});
    }
    expect(await lines(['--files-from', '-'], {input: ''})).to.deep.equal({code: 0, stderr: '', lines: []});
    expect((await run(['--files-from', 'gone.txt'])).stderr).to.match(/^Error PATH_NOT_FOUND: gone\.txt/);
    expect((await run(['--files-from', 'photos'])).stderr).to.match(/^Error PATH_NOT_READABLE: .*not a list/);
  });

  it('a list that arrives slowly, and answers each line at once', async () => {
    const {child, outcome, wrote, ended} = start(['--files-from', '-', '--format', 'ndjson']);
    for (const [i, path] of ['photos/a.jpg', 'odd [1].jpg', 'gone.jpg'].entries()) {
      child.stdin.write(`${path}\n`);
      await wrote(new RegExp(`^(.*\\n){${i + 1}}$`));
    }
    child.stdin.end();
    const {code} = await ended;
    expect(linesOf(outcome.stdout)).to.deep.equal([
      'photos/a.jpg: Red',
      'odd [1].jpg: Blue',
      'gone.jpg: PATH_NOT_FOUND',
    ]);
    expect(code).to.equal(1);
  });

  it('a list with a picture that is deleted before its turn', async () => {
    write({'short-lived.jpg': 'Red'});
    const {child, ended, wrote} = start(['--files-from', '-', '--format', 'ndjson']);
    child.stdin.write('photos/a.jpg\n');
    await wrote(/a\.jpg/);
    rmSync(at('short-lived.jpg'));
    child.stdin.end('short-lived.jpg\nphotos/b.png\n');
    expect(linesOf((await ended).stdout)).to.deep.equal([
      'photos/a.jpg: Red',
      'short-lived.jpg: PATH_NOT_FOUND',
      'photos/b.png: Blue',
    ]);
  });

  it('files with hostile names, and escapes the names', async function () {
    if (!POSIX) this.skip();
    const names = HOSTILE_NAMES.filter((name) => name !== '').map((name) => `${name}.jpg`);
    write(Object.fromEntries(names.map((name) => [`hostile/${name}`, 'Red'])));
    const sorted = names.map((name) => `hostile/${name}`).sort();
    expect((await json(['hostile'])).predictions.map(({path}) => path).sort()).to.deep.equal(sorted);
    const list = `${sorted.join('\0')}\0`;
    expect((await json(['--files-from', '-'], {input: list})).predictions.map(({path}) => path)).to.deep.equal(sorted);
    const table = await run(['hostile', '--quiet']);
    expect(table.stdout.split('\n')).to.have.length(names.length + 1);
    expect(table.stdout.replaceAll('\n', '')).not.to.match(/[\p{Cc}\u202E]/u);
  }).timeout(60_000);

  it('names that begin with a dash, after -- or with ./', async () => {
    write({'-r.jpg': 'Red', '--json': 'Blue'});
    const {predictions} = await json(['./-r.jpg', './--json']);
    expect(predictions.map(summaryOf)).to.deep.equal(['./-r.jpg: Red', './--json: Blue']);
    const {stdout} = await run(['--format', 'ndjson', '--', '-r.jpg', '--json']);
    expect(linesOf(stdout)).to.deep.equal(['-r.jpg: Red', '--json: Blue']);
  });

  it('no name in another encoding, and reports an error', async function () {
    if (process.platform !== 'linux') this.skip();
    const name = Buffer.from([...Buffer.from(`${at('latin1')}/caf`), 0xe9, ...Buffer.from('.jpg')]);
    mkdirSync(at('latin1'));
    writeFileSync(name, jpegs.Red);
    const {code, errors} = await json(['latin1']);
    expect(code).to.equal(1);
    expect(errors[0].message).to.equal('cannot read latin1/caf\uFFFD.jpg: its name is not UTF-8');
  });

  it('a named pipe, as a picture and as a list', async function () {
    if (!POSIX) this.skip();
    for (const [args, content] of [
      [['pipe'], jpegs.Red],
      [['--files-from', 'pipe'], 'photos/a.jpg'],
    ] as const) {
      execFileSync('mkfifo', [at('pipe')]);
      const {ended} = start([...args, '--format', 'ndjson']);
      const feeding = spawnSync('sh', ['-c', 'cat > pipe'], {cwd: at(), input: content, timeout: 30_000});
      expect(feeding.status).to.equal(0);
      const {stdout, code} = await ended;
      expect(linesOf(stdout)[0]).to.match(/: Red$/);
      expect(code).to.equal(0);
      rmSync(at('pipe'));
    }
  });

  it('folders with unreadable entries', async function () {
    if (!POSIX) this.skip();
    write({'mixed/a.jpg': 'Red', 'mixed/in/z.jpg': 'Blue'});
    mkdirSync(at('mixed/folder.jpg'));
    symlinkSync('nowhere', at('mixed/broken.jpg'));
    symlinkSync('..', at('mixed/in/up'));
    execFileSync('mkfifo', [at('mixed/pipe.jpg')]);
    const {code, lines: found} = await lines(['mixed', '-r']);
    expect(found).to.deep.equal(['mixed/a.jpg: Red', 'mixed/broken.jpg: PATH_NOT_FOUND', 'mixed/in/z.jpg: Blue']);
    expect(code).to.equal(1);
    expect((await run(['mixed/broken.jpg'])).stderr).to.match(/is a link to nowhere, which does not exist/);
  });

  describe('addresses', () => {
    let server: PictureServer;
    before(async () => {
      server = await startPictureServer(jpegs.Red);
    });
    after(() => server.close());

    it('if allowed, each with its own error', async () => {
      const paths = ['/grain.jpg', '/moved.jpg', '/missing.jpg', '/page.html', '/cut.jpg', '/empty.jpg'].map(server.at);
      const {code, predictions, errors} = await json([...paths, 'photos/b.png', '--allow-urls']);
      expect(code).to.equal(1);
      expect(predictions.map(summaryOf)).to.deep.equal([`${paths[0]}: Red`, `${paths[1]}: Red`, 'photos/b.png: Blue']);
      expect(errors.map(({code: each}) => each)).to.deep.equal([
        'DOWNLOAD_FAILED',
        'IMAGE_UNSUPPORTED',
        'DOWNLOAD_FAILED',
        'IMAGE_EMPTY',
      ]);
      const listed = await lines(['--files-from', '-'], {input: `${paths[0]}\n`});
      expect(listed.lines).to.deep.equal([`${paths[0]}: USAGE`]);
      const allowed = await lines(['--files-from', '-', '--allow-urls'], {input: `${paths[0]}\n`});
      expect(allowed.lines).to.deep.equal([`${paths[0]}: Red`]);
    });

    it('that do not answer, until it is stopped', async () => {
      const {child, ended} = start(['photos/a.jpg', server.at('/silent.jpg'), '--allow-urls', '--json']);
      setTimeout(() => child.kill('SIGINT'), 1500);
      const {code, stdout} = await ended;
      expect(code).to.equal(130);
      expect(parseAs<{interrupted: boolean}>('predict', stdout).interrupted).to.equal(true);
    });
  });

  it('settings from variables and files', async () => {
    const env = {RICE_PREDICT_FORMAT: 'ndjson', RICE_PREDICT_RECURSIVE: '1', RICE_PREDICT_UNKNOWN_AS: 'other'};
    const {stdout} = await run(['photos/in'], {env});
    expect(JSON.parse(stdout)).to.include({label: 'other', nearest: 'Red', known: false});
    writeFileSync(at('.ricerc'), 'predict: {format: csv, minConfidence: 0, filesFrom: own.txt, move: true}');
    writeFileSync(at('own.txt'), 'photos/in/c.jpg\n');
    try {
      expect((await run([])).stdout).to.match(/^path,label.*\nphotos\/in\/c\.jpg,Red,Red,0\.\d+,true,,/);
      expect((await json(['photos/a.jpg'])).predictions).to.have.length(2);
      const bad = await run(['photos'], {env: {RICE_PREDICT_SHARD: '9/2'}});
      expect([bad.code, bad.stdout]).to.deep.equal([2, '']);
      expect(bad.stderr).to.match(/OUT_OF_RANGE/);
    } finally {
      rmSync(at('.ricerc'));
    }
    const bare = await run(['photos', '--move']);
    expect(bare.code).to.equal(2);
    expect(bare.stderr).to.match(/^Error USAGE: .*--sort-into/);
    expect((await run(['photos', '--move', '--link', '--sort-into', 'x'])).code).to.equal(2);
  });

  it('no picture from a terminal', function () {
    if (!POSIX || spawnSync('script', ['--version']).status !== 0) this.skip();
    const command = `exec "${process.execPath}" "${BIN}" predict - 2>&1`;
    const {stdout, status} = spawnSync('script', ['-qec', command, '/dev/null'], {
      cwd: at(),
      encoding: 'utf8',
      timeout: 30_000,
    });
    expect(stdout).to.contain('which is a terminal here');
    expect(status).to.equal(2);
  });
});
