import {execFileSync, spawnSync} from 'node:child_process';
import {existsSync, readdirSync, readFileSync, writeFileSync} from 'node:fs';
import {setTimeout} from 'node:timers/promises';
import {expect} from 'chai';
import {BIN} from '../../cli/rice.ts';
import {parseAs} from '../../cli/schema.ts';
import {loopingModel} from '../../model/looping-model.ts';
import {type Document, linesOf, predictProject} from './project.ts';

const STOPPED = /^Warning: stopped: [\d,]+ pictures? answered so far\n$/;
const answered = (count: number) => `${count.toLocaleString('en-US')} pictures`;

describe('rice predict that is stopped', () => {
  const {at, write, start} = predictProject();
  /** About 40,000 pictures with far fewer files: enough to stop the command while it works. */
  const many = Array.from({length: 100}, () => 'many');
  before(function () {
    // Windows has no signals.
    if (process.platform === 'win32') this.skip();
    write(Object.fromEntries(Array.from({length: 400}, (_, i) => [`many/${i}.jpg`, i % 2 ? 'Red' : 'Blue'])));
  });

  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)
    it(`writes a valid document and exits with ${code} on ${signal}`, async () => {
      const {child, ended, wrote} = start([...many, '--json']);
      await wrote(/many\/399/);
      child.kill(signal);
      const outcome = await ended;
      const document = parseAs<Document>('predict', outcome.stdout);
      expect(outcome.code).to.equal(code);
      expect(outcome.stderr).to.equal(`Warning: stopped: ${answered(document.summary.images)} answered so far\n`);
      expect(document.interrupted).to.equal(true);
      expect(document.predictions).to.have.length(document.summary.images);
      expect(document.summary.images).to.be.within(300, 39_999);
    });

  it('ends NDJSON and CSV after a complete line', async () => {
    for (const format of ['ndjson', 'csv']) {
      const {child, ended, wrote} = start([...many, '--format', format]);
      await wrote(/many\/99\.jpg/);
      child.kill('SIGINT');
      const {code, stdout, stderr} = await ended;
      expect(code, format).to.equal(130);
      expect(stderr, format).to.match(STOPPED);
      if (format === 'csv')
        expect(stdout).to.match(/\nmany\/\d+\.jpg,\w+,\w+,1,true,,,,,[01],[01](,\d+(\.\d+)?){4}\n$/);
      else expect(linesOf(stdout.slice(-1000).replace(/^.*\n/, '')).at(-1)).to.match(/^many\/\d+\.jpg: \w+$/);
    }
  });

  it('says so in the table', async () => {
    const {child, ended, wrote} = start(many);
    await wrote(/many\/99\.jpg/);
    child.kill('SIGINT');
    const {code, stdout, stderr} = await ended;
    expect(code).to.equal(130);
    expect(stderr).to.match(STOPPED);
    expect(stdout).to.match(/\n[\d,]+ pictures in .* a second\), then stopped\n$/);
  });

  /** Waits until the temporary file of an output is there. */
  const begun = async (output: string) => {
    while (!readdirSync(at('.')).some((name) => name.startsWith(`${output}.tmp`))) await setTimeout(20);
  };

  it('does not change an old file, and keeps the partial results beside it', async () => {
    writeFileSync(at('out.json'), 'old');
    const {child, outcome, ended} = start([...many, '--format', 'json', '-o', 'out.json']);
    await begun('out.json');
    child.kill('SIGINT');
    const {code} = await ended;
    expect([code, outcome.stdout]).to.deep.equal([130, '']);
    expect(outcome.stderr).to.match(/^Warning: stopped: the results so far are in .*out\.json\.partial\n$/);
    expect(readFileSync(at('out.json'), 'utf8')).to.equal('old');
    expect(parseAs<Document>('predict', readFileSync(at('out.json.partial'), 'utf8')).interrupted).to.equal(true);
  });

  it('quits at once and silently the second time, and keeps the partial results', async () => {
    for (const pause of [0, 1, 3, 10, 30]) {
      const {child, ended, wrote} = start([...many, '--format', 'ndjson', '--batch-size', '256']);
      await wrote(/many\/399/);
      child.kill('SIGINT');
      await setTimeout(pause);
      const before = performance.now();
      child.kill('SIGINT');
      const {code, stderr} = await ended;
      expect(code, `after ${pause} ms`).to.equal(130);
      // The first one may be done by then.
      if (stderr !== '') expect(stderr).to.match(STOPPED);
      expect(performance.now() - before).to.be.below(5000);
    }
    const {child, ended} = start([...many, '--format', 'csv', '-o', 'twice.csv', '--batch-size', '4096']);
    await begun('twice.csv');
    child.kill('SIGINT');
    await setTimeout(5);
    child.kill('SIGINT');
    expect((await ended).code).to.equal(130);
    expect(existsSync(at('twice.csv'))).to.equal(false);
    expect(existsSync(at('twice.csv.partial'))).to.equal(true);
  });

  it('does not wait for a list or a picture on a silent pipe', async () => {
    const waiting = [['--files-from', '-'], ['-'], ['many', '--files-from', '-']];
    if (process.platform !== 'win32') {
      execFileSync('mkfifo', [at('unfed')]);
      waiting.push(['unfed'], ['many', 'unfed']);
    }
    for (const args of waiting) {
      const {child, ended} = start([...args, '--json']);
      await setTimeout(1500);
      child.kill('SIGTERM');
      const {code, stdout} = await ended;
      expect(code, args.join(' ')).to.equal(143);
      expect(parseAs<Document>('predict', stdout).interrupted).to.equal(true);
    }
  });

  it('does not fail if the reader of a pipe stops reading', () => {
    for (const lines of [1, 5, 500]) {
      const script = `{ "$@"; echo "code $?" >&2; } | head -n ${lines}`;
      const args = [process.execPath, BIN, 'predict', ...many];
      const {stdout, stderr} = spawnSync('sh', ['-c', script, 'sh', ...args], {
        cwd: at(),
        encoding: 'utf8',
        env: {PATH: process.env.PATH, RICE_MODEL: at('color.onnx')},
        timeout: 60_000,
      });
      expect(stdout.split('\n')).to.have.length(lines + 1);
      expect(stderr).to.equal('code 0\n');
    }
  });

  it('ends although the model computes without end', async () => {
    writeFileSync(at('looping.onnx'), loopingModel());
    write({'one.jpg': 'Red'});
    const {child, ended, outcome} = start(['one.jpg', '--model', 'looping.onnx']);
    const stop = globalThis.setInterval(() => child.kill('SIGINT'), 1500);
    await ended;
    clearInterval(stop);
    // A signal ends what is in native code.
    expect(outcome.code === 130 || child.signalCode === 'SIGINT').to.equal(true);
    expect(outcome.stdout).to.equal('');
  });
});
