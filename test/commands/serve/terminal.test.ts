import {spawn, spawnSync} from 'node:child_process';
import {join} from 'node:path';
import {expect} from 'chai';
import {Chalk} from 'chalk';
import {networkUrl, qrCode} from '../../../src/commands/serve/network.ts';
import {prettyLog} from '../../../src/commands/serve/pretty-log.ts';
import {BIN, temporaryFolder} from '../../cli/rice.ts';
import {postPicture, until} from '../../server/serving.ts';
import {grainJpeg, writeColorModel} from '../pictures.ts';

describe('rice serve on a terminal', () => {
  const folder = temporaryFolder();

  it('logs for people, and shows the address on the network (needs script of util-linux)', async function () {
    if (!spawnSync('script', ['--version'], {encoding: 'utf8'}).stdout?.includes('util-linux')) return this.skip();
    writeColorModel(join(folder(), 'color.onnx'));
    const command = `'${process.execPath}' '${BIN}' serve --host 0.0.0.0 --port 0 --threads 1 --no-color`;
    const env = {PATH: process.env.PATH, HOME: folder(), LANG: 'C.UTF-8', RICE_MODEL: join(folder(), 'color.onnx')};
    const child = spawn('script', ['-qec', command, '/dev/null'], {cwd: folder(), env});
    let shown = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      shown += text;
    });
    const ended = new Promise((resolve) => child.on('close', resolve));
    await until(() => / listens at \S+/.test(shown));
    const port = / listens at http:\/\/0\.0\.0\.0:(\d+)/.exec(shown)![1];
    expect((await postPicture(`http://127.0.0.1:${port}/predict`, grainJpeg('Red'))).status).to.equal(200);
    await until(() => shown.includes('POST /predict 200'));
    // Ctrl-C.
    child.stdin.write('\x03');
    await ended;
    expect(shown).to.match(/^\[\d\d:\d\d:\d\d\] INFO: POST \/predict 200 in \d+ ms, 1 picture \(127\.0\.0\.1\)\r?$/m);
    expect(shown).not.to.contain('"severity"');
    const address = networkUrl(`http://0.0.0.0:${port}`);
    if (address === undefined) return;
    expect(shown).to.contain(`On the network: ${address}`);
    expect(shown.replaceAll('\r', '')).to.contain(qrCode(address, new Chalk({level: 0})));
  });
});

describe('the log for people', () => {
  const line = (entry: object) => `${JSON.stringify({time: '2026-01-02T03:04:05.678Z', ...entry})}\n`;

  it('tells level and error, and no control character', () => {
    const text = prettyLog(false)(
      line({
        severity: 'ERROR',
        message: 'no \u001b[2J\u202e',
        err: {type: 'Error', message: 'm', stack: 'Error: m\n  at \u001bx'},
      }),
    );
    expect(text).to.match(/^\[\d\d:\d\d:05\] ERROR: no \\x1b\[2J\\u202e\n/);
    expect(text).to.contain('at \\x1bx');
    expect(text).not.to.contain('\u001b');
  });

  it('has colors where they are wanted', () => {
    expect(prettyLog(true)(line({severity: 'INFO', message: 'ready'}))).to.contain('\u001b[');
  });
});

describe('the address on the network', () => {
  const one = (address: string, internal: boolean, family: 'IPv4' | 'IPv6' = 'IPv4') =>
    ({address, internal, family}) as never;
  const interfaces = {lo: [one('127.0.0.1', true)], eth: [one('fe80::1', false, 'IPv6'), one('192.168.1.7', false)]};

  it('is that of another than this machine, for a server that listens at all', () => {
    expect(networkUrl('http://0.0.0.0:8080', interfaces)).to.equal('http://192.168.1.7:8080');
    expect(networkUrl('http://[::]:80', interfaces)).to.equal('http://192.168.1.7');
    expect(networkUrl('http://127.0.0.1:8080', interfaces)).to.equal(undefined);
    expect(networkUrl('http://0.0.0.0:8080', {lo: interfaces.lo})).to.equal(undefined);
  });
});
