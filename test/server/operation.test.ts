import {spawnSync} from 'node:child_process';
import {readdirSync, readFileSync, writeFileSync} from 'node:fs';
import {createServer} from 'node:http';
import type {AddressInfo} from 'node:net';
import {expect} from 'chai';
import {METADATA_KEY} from '../../src/model/metadata.ts';
import {encodeModel} from '../../src/onnx/model.ts';
import {rice, startRice} from '../cli/rice.ts';
import {parseAs} from '../cli/schema.ts';
import {writeColorModel} from '../commands/pictures.ts';
import {modelMetadata} from '../model/models.ts';
import {pictureHead, rawClient} from './raw-client.ts';
import {formOf, metric, postPicture, servers, until} from './serving.ts';

describe('rice serve', () => {
  const {at, jpegs, start} = servers();

  it('ends with 0 on a signal, after finishing the requests in progress', async function () {
    // Windows has no signals.
    if (process.platform === 'win32') this.skip();
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      const {url, stop, outcome} = await start();
      await until(async () => (await fetch(`${url}/readyz`)).ok);
      const half = rawClient(url);
      half.socket.write(pictureHead(jpegs.Red.length));
      half.socket.write(jpegs.Red.subarray(0, 200));
      // Counted once its headers are read.
      await until(async () => (await metric(url, 'rice_requests_in_progress')) === 2);
      const ended = stop(signal);
      await until(async () => (await fetch(`${url}/readyz`)).status === 503);
      half.socket.write(jpegs.Red.subarray(200));
      expect(await half.ended).to.match(/^HTTP\/1\.1 200 [\s\S]*connection: close[\s\S]*"label":"Red"/);
      expect(await ended).to.equal(0);
      expect(outcome.stdout).to.match(
        /^rice \d+\.\d+\.\d+\S* listens at http:\/\/127\.0\.0\.1:\d+ with the model color 0\.1\.0\n$/,
      );
    }
  });

  it('loses no request on a signal: those on connections that are kept alive are answered, and told to be the last', async function () {
    if (process.platform === 'win32') this.skip();
    const {url, stop} = await start();
    await until(async () => (await fetch(`${url}/readyz`)).ok);
    const clients = Array.from({length: 8}, () => rawClient(url));
    const ask = ({socket}: (typeof clients)[number]) => {
      socket.write(pictureHead(jpegs.Red.length));
      socket.write(jpegs.Red);
    };
    for (const client of clients) ask(client);
    for (const {received} of clients) await until(() => received().includes('"label":"Red"'));
    const ended = stop();
    await until(async () => (await fetch(`${url}/readyz`)).status === 503);
    for (const client of clients) ask(client);
    for (const client of clients) {
      const [, second] = (await client.ended).split(/(?=HTTP\/1\.1 )/);
      expect(second).to.match(/^HTTP\/1\.1 200 [\s\S]*connection: close[\s\S]*"label":"Red"/);
    }
    expect(await ended).to.equal(0);
  });

  it('answers to names of its own only, where no key keeps the pages of other sites out', async () => {
    const statusFor = async ({url}: {url: string}, host: string) => {
      const {socket, ended} = rawClient(url);
      socket.write(`GET /v2 HTTP/1.1\r\nhost: ${host}\r\nconnection: close\r\n\r\n`);
      const answer = await ended;
      if (!answer.startsWith('HTTP/1.1 200')) expect(answer).to.contain('HOST_NOT_ALLOWED');
      return Number(answer.slice(9, 12));
    };
    const own = [
      '127.0.0.1',
      '127.0.0.1:8080',
      '[::1]:8080',
      '192.168.1.7',
      'localhost',
      'LocalHost:1',
      'rice.localhost',
    ];
    const foreign = ['evil.example', 'evil.example:8080', 'localhost.evil.example', '127.0.0.1.nip.example', 'x'];
    const closed = await start();
    for (const host of own) expect(await statusFor(closed, host), host).to.equal(200);
    for (const host of foreign) expect(await statusFor(closed, host), host).to.equal(421);
    const named = await start(['--allowed-host', 'Rice.example', '--allowed-host', 'x']);
    for (const host of [...own, 'rice.example', 'RICE.example:80', 'x'])
      expect(await statusFor(named, host), host).to.equal(200);
    expect(await statusFor(named, 'evil.example')).to.equal(421);
    expect(await statusFor(await start(['--host', '0.0.0.0']), 'rice.example')).to.equal(200);
    expect(await statusFor(await start(['--allowed-host', '*']), 'rice.example')).to.equal(200);
  });

  it('prints names that hold control characters safely', async () => {
    writeColorModel(at('hostile.onnx'), 'a\u001b[2Jb\u202ec\n');
    const {outcome} = await start([], {env: {RICE_MODEL: at('hostile.onnx')}});
    expect(outcome.stdout).to.match(/ with the model a\\x1b\[2Jb\\u202ec\\n 0\.1\.0\n$/);
  });

  it('prints one document at the end with --json, and logs its own events', async function () {
    if (process.platform === 'win32') this.skip();
    const {child, outcome, ended} = startRice(['serve', '--json', '--port', '0'], {
      env: {RICE_MODEL: at('color.onnx')},
    });
    await until(() => outcome.stderr.includes('"message":"ready"'));
    child.kill('SIGTERM');
    const {code, stdout, stderr} = await ended;
    const {url, model} = parseAs<{url: string; model: {name: string}}>('serve', stdout);
    expect([code, model.name]).to.deep.equal([0, 'color']);
    const messages = stderr
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line).message);
    expect(messages).to.deep.equal([`listening at ${url}`, 'ready', 'stopping', 'the server has ended']);
  });

  it('listens on the port of the platform, and on localhost by default', async () => {
    for (const [args, env, host] of [
      [[], {PORT: '0'}, '0.0.0.0'],
      [[], {PORT: '0', HOST: '127.0.0.1'}, '127.0.0.1'],
      [['--port', '0'], {PORT: '1'}, '127.0.0.1'],
      [['--port', '0', '--host', '::1'], {}, '[::1]'],
    ] as const) {
      const {outcome} = await start([...args], {env});
      expect(outcome.stdout).to.contain(`listens at http://${host}:`);
    }
  });

  it('says why it cannot listen', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const {port} = other.address() as AddressInfo;
    const env = {RICE_MODEL: at('color.onnx')};
    const failed = async (args: string[], more: Record<string, string> = {}) => {
      const {code, stdout, stderr} = await rice(['serve', '--json', ...args], {env: {...env, ...more}});
      const {error} = parseAs<{error: {code: string; message: string}}>('error', stdout);
      expect(stderr).not.to.contain('Error');
      return `${code} ${error.code}: ${error.message}`;
    };
    expect(await failed(['--port', `${port}`])).to.equal(
      `2 PORT_UNAVAILABLE: cannot listen at port ${port} of 127.0.0.1: another process listens there`,
    );
    other.close();
    expect(await failed(['--host', '203.0.113.7'])).to.match(/PORT_UNAVAILABLE: .* this machine has no such address/);
    expect(await failed([], {PORT: 'eighty'})).to.match(/2 CONFIG_INVALID: PORT: expected a port, got "eighty"/);
    expect(await failed([], {RICE_API_KEY: ' '})).to.match(/2 CONFIG_INVALID: RICE_API_KEY is set, but empty/);
    expect(await failed(['--model', at('gone.onnx')])).to.match(/2 MODEL_NOT_FOUND/);
    expect(await failed(['--max-body', '2TB'])).to.match(/2 USAGE: .*expected a size such as 32MB/);
    expect(await failed(['--max-body', '2GB'])).to.match(/2 OUT_OF_RANGE/);
    expect(await failed(['--allowed-host', 'example.org:80'])).to.match(/2 USAGE: .*expected a host name/);
    expect(await failed(['--cors-origin', 'example.org'])).to.match(/2 USAGE: .*expected an origin/);
    expect(await failed(['--log-predictions', at('no', 'folder.ndjson')])).to.match(/2 PATH_NOT_FOUND/);
  });

  it('ends if the model turns out to be unusable', async () => {
    const node = {name: 'n', opType: 'NoSuchOperator', input: ['a'], output: ['b']};
    const graph = {name: 'hollow', node: [node], initializer: [], input: [], output: []};
    writeFileSync(at('hollow.onnx'), encodeModel(graph, {[METADATA_KEY]: JSON.stringify(modelMetadata())}));
    const {code, stdout} = await rice(['serve', '--json', '--port', '0', '--model', at('hollow.onnx')]);
    expect([code, parseAs<{error: {code: string}}>('error', stdout).error.code]).to.deep.equal([2, 'MODEL_METADATA']);
  });

  it('requires the key, except for health', async () => {
    const {url, log, stop} = await start([], {env: {RICE_API_KEY: 'sesame-4711'}});
    const status = async (path: string, authorization?: string) => {
      const headers = authorization === undefined ? {} : {authorization};
      return (await fetch(`${url}${path}`, {headers})).status;
    };
    await until(async () => (await status('/readyz')) === 200);
    expect(await status('/livez')).to.equal(200);
    for (const path of ['/', '/metrics', '/openapi.json', '/v2', '/nothing', '/livez/../metrics']) {
      for (const wrong of [
        undefined,
        'Bearer sesame-471',
        'Bearer',
        'sesame-4711',
        `Basic ${btoa('sesame-4711')}`,
        `Basic ${btoa('sesame-4711:')}`,
      ])
        expect(await status(path, wrong), `${path} ${wrong}`).to.equal(401);
      expect(await status(path, 'Bearer sesame-4711'), path).not.to.equal(401);
      expect(await status(path, `Basic ${btoa('me:sesame-4711')}`), path).not.to.equal(401);
    }
    const refused = await postPicture(`${url}/predict`, jpegs.Red);
    expect(refused.status).to.equal(401);
    expect(refused.headers.get('www-authenticate')).to.contain('Bearer');
    parseAs('error', await refused.text());
    expect((await postPicture(`${url}/predict`, jpegs.Red, {authorization: 'bearer sesame-4711'})).status).to.equal(
      200,
    );
    await stop();
    expect(JSON.stringify(log())).not.to.contain('sesame');
  });

  it('logs a JSON line per request, with its id and trace but without its content', async function () {
    // Windows has no signal to end a server, so buffered lines are lost.
    if (process.platform === 'win32') this.skip();
    const {url, log, stop} = await start([], {env: {GOOGLE_CLOUD_PROJECT: 'fields'}});
    const trace = '0af7651916cd43dd8448eb211c80319c';
    const traced = {'x-request-id': 'mine-1', traceparent: `00-${trace}-b7ad6b7169203331-01`};
    const response = await postPicture(`${url}/predict?token=secret`, jpegs.Red, traced);
    expect(response.headers.get('x-request-id')).to.equal('mine-1');
    const hostile = await postPicture(`${url}/predict`, jpegs.Red, {'x-request-id': 'a b"}'});
    expect(hostile.headers.get('x-request-id')).to.match(/^[0-9a-f-]{36}$/);
    await fetch(`${url}/predict`, {method: 'POST', body: formOf({'private.jpg': 'x'})});
    await fetch(`${url}/livez`);
    await stop();
    const requests = log().filter(({httpRequest}) => httpRequest);
    expect(requests.map(({severity, message}) => `${severity} ${message}`)).to.deep.equal([
      'INFO POST /predict 200',
      'INFO POST /predict 200',
      'WARNING POST /predict 415',
    ]);
    expect(requests[0]).to.deep.include({
      requestId: 'mine-1',
      'logging.googleapis.com/trace': `projects/fields/traces/${trace}`,
      images: 1,
    });
    expect(requests[0].httpRequest).to.deep.include({requestMethod: 'POST', requestUrl: '/predict', status: 200});
    expect(JSON.stringify(log())).not.to.match(/secret|private/);
  });

  it('sends security headers, and allows only the given origins', async () => {
    const closed = await start();
    const {headers} = await fetch(`${closed.url}/livez`, {headers: {origin: 'https://example.org'}});
    expect(headers.get('content-security-policy')).to.contain("default-src 'none'");
    expect(headers.get('x-content-type-options')).to.equal('nosniff');
    expect(headers.get('x-frame-options')).to.equal('DENY');
    expect(headers.get('referrer-policy')).to.equal('no-referrer');
    expect(headers.get('access-control-allow-origin')).to.equal(null);
    expect(headers.get('server')).to.equal(null);
    const open = await start(['--cors-origin', 'https://example.org', '--cors-origin', 'https://rice.example']);
    for (const [origin, allowed] of [
      ['https://example.org', 'https://example.org'],
      ['https://rice.example', 'https://rice.example'],
      ['https://evil.example', null],
    ] as const) {
      const answer = await fetch(`${open.url}/livez`, {headers: {origin}});
      expect(answer.headers.get('access-control-allow-origin')).to.equal(allowed);
    }
  });

  it('limits the requests per client, also behind a trusted proxy', async () => {
    const {url} = await start(['--rate-limit', '3', '--trust-proxy', '1']);
    const from = async (client: string) =>
      (await postPicture(`${url}/predict`, jpegs.Red, {'x-forwarded-for': client})).status;
    expect([await from('1.1.1.1'), await from('1.1.1.1'), await from('1.1.1.1')]).to.deep.equal([200, 200, 200]);
    const refused = await postPicture(`${url}/predict`, jpegs.Red, {'x-forwarded-for': '1.1.1.1'});
    expect(refused.status).to.equal(429);
    expect(Number(refused.headers.get('retry-after'))).to.be.within(1, 60);
    expect(parseAs<{error: {code: string}}>('error', await refused.text()).error.code).to.equal('RATE_LIMITED');
    expect(await from('2.2.2.2')).to.equal(200);
    for (let i = 0; i < 5; i++) expect((await fetch(`${url}/readyz`)).ok).to.equal(true);
  });

  it('limits guessed keys and unknown paths as well', async () => {
    const {url} = await start(['--rate-limit', '3', '--trust-proxy', '1'], {env: {RICE_API_KEY: 'sesame'}});
    const statuses = async (client: string, path: string, key: string) => {
      const headers = {'x-forwarded-for': client, authorization: `Bearer ${key}`};
      const list: number[] = [];
      for (let i = 0; i < 4; i++) list.push((await fetch(`${url}${path}`, {headers})).status);
      return list;
    };
    expect(await statuses('1.1.1.1', '/metrics', 'guess')).to.deep.equal([401, 401, 401, 429]);
    expect(await statuses('2.2.2.2', '/nothing', 'sesame')).to.deep.equal([404, 404, 404, 429]);
  });

  it('writes each prediction to rotated files on request, and nothing else to disk', async function () {
    if (process.platform === 'win32') this.skip();
    const size = ['--log-predictions-size', '1kB', '--log-predictions-files', '2'];
    const {url, stop} = await start(['--log-predictions', at('log.ndjson'), ...size]);
    for (let i = 0; i < 12; i++)
      await fetch(`${url}/predict`, {method: 'POST', body: formOf({[`${i}.jpg`]: jpegs.Red, bad: 'x'})});
    await stop();
    const written = readdirSync(at()).filter((name) => !name.endsWith('.onnx'));
    expect(written.sort()).to.deep.equal(['log.ndjson', 'log.ndjson.1', 'log.ndjson.2']);
    const files = ['log.ndjson.2', 'log.ndjson.1', 'log.ndjson'].map((name) => readFileSync(at(name), 'utf8'));
    for (const text of files) expect(Buffer.byteLength(text)).to.be.within(1, 1024);
    const lines = files.flatMap((text) => text.split('\n').slice(0, -1)).map((line) => JSON.parse(line));
    expect(lines.at(-2)).to.deep.include({path: '11.jpg', label: 'Red', known: true});
    expect(lines.at(-1)).to.deep.include({path: 'bad', code: 'IMAGE_UNSUPPORTED'});
    expect(lines.at(-1).time).to.match(/^\d{4}-\d\d-\d\dT/);
  });

  it('counts its answers', async () => {
    const {url} = await start();
    await fetch(`${url}/predict`, {method: 'POST', body: formOf({a: jpegs.Red, b: jpegs.Red, c: jpegs.Grey, d: 'x'})});
    expect(await metric(url, 'rice_predictions_total{label="Red"}')).to.be.within(2, 3);
    expect(await metric(url, 'rice_unknown_total{reason="low confidence"}')).to.equal(1);
    expect(await metric(url, 'rice_unusable_images_total{code="IMAGE_UNSUPPORTED"}')).to.equal(1);
    expect(await metric(url, 'rice_prediction_confidence_count')).to.equal(3);
    expect(await metric(url, 'rice_input_mean{statistic="brightness"}')).to.be.above(50);
    expect(await metric(url, 'rice_ready')).to.equal(1);
  });

  it("follows Prometheus' rules for metrics (needs promtool)", async function () {
    const {url} = await start();
    const text = await (await fetch(`${url}/metrics`)).text();
    // The metrics of the process come from prom-client.
    const own = text.split('\n').filter((line) => /^(# \w+ )?rice_/.test(line));
    const input = `${own.join('\n')}\n`;
    const {status, error, stderr} = spawnSync('promtool', ['check', 'metrics'], {input, encoding: 'utf8'});
    if (error) this.skip();
    expect([status, stderr]).to.deep.equal([0, '']);
  });
});
