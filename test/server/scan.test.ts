import {createHash} from 'node:crypto';
import {writeFileSync} from 'node:fs';
import {expect} from 'chai';
import type {ScannedPicture, ScanSummary} from '../../src/scanning/types.ts';
import {parseAs} from '../cli/schema.ts';
import {drawFrame, encodeJpeg, withExifOrientation} from '../helpers/images.ts';
import {drawnScan} from '../helpers/scanned.ts';
import {pictureHead, rawClient} from './raw-client.ts';
import {formOf, metric, postPicture, type Serving, servers, until} from './serving.ts';

interface Scan {
  model: {name: string};
  pictures: [ScannedPicture];
  summary: ScanSummary;
  warnings: string[];
}

interface Description {
  paths: Record<
    string,
    {
      post: {
        parameters: {name: string; in: string}[];
        requestBody: {content: Record<string, {schema: {properties: object}}>};
        responses: Record<string, {content: Record<string, {schema: object}>}>;
      };
    }
  >;
}

describe('POST /scan', () => {
  const {at, jpegs, start} = servers();
  const drawn = drawnScan(3, {columns: 5, rows: 4});
  /** Of 3 megapixels, with 300 grains: a scan of it takes a while. */
  let large: Buffer;
  let server: Serving;
  before(async () => {
    large = drawnScan(4, {columns: 20, rows: 15}).bytes;
    server = await start(['--timeout', '60']);
  });

  const scanned = async (response: Response): Promise<Scan> => {
    const text = await response.text();
    expect(response.status, text).to.equal(200);
    return parseAs<Scan>('scan', text);
  };
  const refused = async (response: Response): Promise<string> => {
    const {error} = parseAs<{error: {code: string; message: string}}>('error', await response.text());
    return `${response.status} ${error.code}: ${error.message}`;
  };
  const post = (url: string, body: FormData) => fetch(url, {method: 'POST', body});
  const correctionsOf = (bytes: Uint8Array, ...corrections: object[]) =>
    JSON.stringify({sha256: createHash('sha256').update(bytes).digest('hex'), corrections});

  it('answers with every grain of one picture, sent as the body', async () => {
    const {model, pictures, summary} = await scanned(await postPicture(`${server.url}/scan`, drawn.bytes));
    expect([model.name, pictures.length]).to.deep.equal(['color', 1]);
    const [{path, sha256, width, height, count, grains, scale}] = pictures;
    expect([path, width, height, count, scale]).to.deep.equal(['-', 500, 400, 20, null]);
    expect(sha256).to.equal(drawn.picture.sha256);
    for (const grain of grains) {
      const nearest = Math.min(...drawn.picture.grains.map(({x, y}) => Math.hypot(x - grain.x, y - grain.y)));
      expect(nearest, `grain ${grain.id}`).to.be.below(grain.border ? 40 : 1);
    }
    expect(summary.grains).to.equal(20);
  });

  it('answers the same for a form, whatever the field, with the name of its file', async () => {
    const body = await scanned(await postPicture(`${server.url}/scan`, drawn.bytes));
    const form = await scanned(await post(`${server.url}/scan`, formOf({'rice.jpg': drawn.bytes}, 'photo')));
    expect(form.pictures[0].path).to.equal('rice.jpg');
    expect({...form.pictures[0], path: '-'}).to.deep.equal(body.pictures[0]);
    expect(form.summary).to.deep.equal(body.summary);
  });

  it('speaks of the picture as it is shown', async () => {
    const turned = withExifOrientation(drawn.bytes, 6);
    const {pictures} = await scanned(await postPicture(`${server.url}/scan`, turned));
    expect([pictures[0].width, pictures[0].height]).to.deep.equal([400, 500]);
    for (const {x, y, border} of pictures[0].grains) {
      // Turned to the right: what was at (x, y) is now at (height - y, x).
      const nearest = Math.min(...drawn.picture.grains.map((grain) => Math.hypot(400 - grain.y - x, grain.x - y)));
      expect(nearest).to.be.below(border ? 40 : 1);
    }
  });

  it('takes parameters in the address and in the form', async () => {
    const byAddress = await scanned(await postPicture(`${server.url}/scan?pxPerMm=10&expect=Red`, drawn.bytes));
    const form = formOf({'rice.jpg': drawn.bytes});
    form.append('pxPerMm', '10');
    form.append('expect', 'Red');
    const byForm = await scanned(await post(`${server.url}/scan`, form));
    for (const {pictures, summary} of [byAddress, byForm]) {
      expect(pictures[0].scale).to.include({pxPerMm: 10, source: 'px-per-mm'});
      const inner = pictures[0].grains.filter(({border}) => !border);
      for (const {mm, length} of inner) expect(mm!.length).to.be.closeTo(length / 10, 0.05);
      expect(summary.purity).to.include({label: 'Red', count: 0});
    }
  });

  it('honors corrections, as a field and as a file', async () => {
    const {pictures} = await scanned(await postPicture(`${server.url}/scan`, drawn.bytes));
    const [first, second] = pictures[0].grains;
    const corrections = correctionsOf(
      drawn.bytes,
      {at: [first.x, first.y], do: 'remove'},
      {at: [second.x, second.y], do: 'label', label: 'Blue'},
    );
    for (const part of [corrections, new Blob([corrections])]) {
      const form = formOf({'rice.jpg': drawn.bytes});
      if (typeof part === 'string') form.append('corrections', part);
      else form.append('corrections', part, 'rice.corrections.json');
      const {pictures: corrected} = await scanned(await post(`${server.url}/scan`, form));
      expect(corrected[0].count).to.equal(19);
      const named = corrected[0].grains.filter((grain) => grain.corrected);
      expect(named.map(({label, x}) => [label, Math.round(x)])).to.deep.equal([['Blue', Math.round(second.x)]]);
    }
  });

  it('says what is wrong with a request', async () => {
    const {url} = server;
    const form = (corrections: string, files: Record<string, Uint8Array> = {'rice.jpg': drawn.bytes}) => {
      const body = formOf(files);
      body.append('corrections', corrections);
      return body;
    };
    const answers: [response: Promise<Response>, answer: RegExp][] = [
      [postPicture(`${url}/scan`, Buffer.alloc(0)), /^400 REQUEST_INVALID: the request has no body/],
      [postPicture(`${url}/scan`, Buffer.from('no picture')), /^415 IMAGE_UNSUPPORTED/],
      [postPicture(`${url}/scan`, drawn.bytes.subarray(0, 2000)), /^422 IMAGE_(TRUNCATED|CORRUPT)/],
      [postPicture(`${url}/scan`, drawn.bytes, {'content-type': 'text/css'}), /^200/],
      [postPicture(`${url}/scan?pxpermm=1`, drawn.bytes), /^400 REQUEST_INVALID: there is no parameter "pxpermm"/],
      [postPicture(`${url}/scan?dpi=1&dpi=2`, drawn.bytes), /^400 REQUEST_INVALID: dpi is there twice/],
      [postPicture(`${url}/scan?reference=euro`, drawn.bytes), /^400 REQUEST_INVALID: reference: expected coin:/],
      [postPicture(`${url}/scan?expect=Basmati`, drawn.bytes), /^400 REQUEST_INVALID: expect: "Basmati" is none/],
      [
        post(`${url}/scan`, formOf({a: drawn.bytes, b: drawn.bytes})),
        /^400 REQUEST_INVALID: the form has two pictures/,
      ],
      [post(`${url}/scan`, formOf({a: drawn.bytes, b: jpegs.Red, c: jpegs.Blue})), /^413 REQUEST_TOO_LARGE/],
      [post(`${url}/scan`, formOf({'c.json': '{}'}, 'corrections')), /^400 REQUEST_INVALID: the form has no picture/],
      [post(`${url}/scan`, form('{}')), /^400 CORRECTIONS_INVALID: corrections: sha256/],
      [post(`${url}/scan`, form(correctionsOf(jpegs.Red))), /^400 CORRECTIONS_MISMATCH: /],
      [post(`${url}/scan`, form('x'.repeat(70_000))), /^413 REQUEST_TOO_LARGE: the field corrections has more than/],
    ];
    for (const [response, answer] of answers) {
      const received = await response;
      if (received.ok) expect(`${received.status}`).to.match(answer);
      else expect(await refused(received)).to.match(answer);
    }
    const reply = await fetch(`${url}/scan`);
    expect([reply.status, reply.headers.get('allow')]).to.deep.equal([405, 'POST']);
  });

  it('survives bodies that were made to hurt', async () => {
    const noise = drawFrame(700, 700, (x, y) => {
      const level = (Math.imul(x * 7919 + y * 104_729, 0x9e3779b1) >>> 24) & 255;
      return [level, level, level];
    });
    const dots = drawFrame(1200, 1200, (x, y) => (x % 4 === 0 && y % 4 === 0 ? [255, 255, 255] : [0, 0, 0]));
    for (const frame of [noise, dots, drawFrame(1, 1, () => [9, 9, 9]), drawFrame(3000, 2, () => [200, 200, 200])]) {
      const response = await postPicture(`${server.url}/scan`, encodeJpeg(frame));
      if (response.ok) await scanned(response);
      else expect(await refused(response)).to.match(/^4\d\d /);
    }
    const {pictures} = await scanned(await postPicture(`${server.url}/scan`, drawn.bytes));
    expect(pictures[0].count).to.equal(20);
  });

  it('refuses what the queue does not hold, with the time to wait', async () => {
    const {url} = await start(['--scan-queue', '0', '--timeout', '60']);
    const responses = await Promise.all(Array.from({length: 6}, () => postPicture(`${url}/scan`, large)));
    const statuses = responses.map(({status}) => status);
    expect(statuses).to.include(200);
    const busy = responses.filter(({status}) => status !== 200);
    expect(busy).not.to.have.length(0);
    for (const response of busy) {
      expect(response.headers.get('retry-after')).to.equal('1');
      expect(await refused(response)).to.match(/^503 SERVER_BUSY: too many pictures wait to be scanned/);
    }
    expect(await metric(url, 'rice_rejected_total{reason="queue"}')).to.equal(busy.length);
  });

  it('lets no prediction wait for a scan', async () => {
    const {url} = await start(['--timeout', '60']);
    await until(async () => (await fetch(`${url}/readyz`)).ok);
    const scans = Array.from({length: 4}, () => postPicture(`${url}/scan`, large));
    await until(async () => (await metric(url, 'rice_scan_queue_depth')) === 3);
    expect((await postPicture(`${url}/predict`, jpegs.Red)).status).to.equal(200);
    expect(await metric(url, 'rice_scan_queue_depth')).to.be.above(0);
    for (const response of await Promise.all(scans)) expect(response.status).to.equal(200);
  });

  it('scans no longer for a client that has gone', async () => {
    const {url, log} = await start(['--timeout', '60']);
    const clients = Array.from({length: 4}, () => {
      const client = rawClient(url);
      client.socket.write(pictureHead(large.length).replace('/predict', '/scan'));
      client.socket.write(large);
      return client;
    });
    await until(async () => (await metric(url, 'rice_scan_queue_depth')) === 3);
    for (const {socket} of clients) socket.destroy();
    await until(async () => (await metric(url, 'rice_scan_queue_depth')) === 0);
    // The request for the metrics is in progress itself.
    await until(async () => (await metric(url, 'rice_requests_in_progress')) === 1);
    await scanned(await postPicture(`${url}/scan`, drawn.bytes));
    expect(await metric(url, 'rice_scan_queue_wait_seconds_count')).to.equal(2);
    expect(log().filter(({severity}) => severity === 'ERROR')).to.deep.equal([]);
  });

  it('ends what takes longer than allowed', async () => {
    const {url} = await start(['--timeout', '0.3']);
    const responses = await Promise.all(Array.from({length: 4}, () => postPicture(`${url}/scan`, large)));
    expect(await refused(responses[3])).to.match(/^(503 ANSWER_TIMEOUT: the answer was not ready|408 )/);
    await until(async () => (await metric(url, 'rice_scan_queue_depth')) === 0);
  });

  it('names the picture whose thread has died, and scans the next one', async () => {
    // No picture is known to do it: one with these bytes does instead.
    const hook = at('poison.cjs');
    writeFileSync(
      hook,
      `const {isMainThread, parentPort} = require('node:worker_threads');
const on = parentPort?.on;
if (!isMainThread) parentPort.on = (event, listener) => on.call(parentPort, event, (message) => {
  if (message.bytes && Buffer.from(message.bytes).includes('poison')) process.exit(3);
  listener(message);
});
`,
    );
    const {url} = await start([], {env: {NODE_OPTIONS: `--require=${hook}`}});
    const poison = Buffer.concat([drawn.bytes, Buffer.from('poison')]);
    await scanned(await postPicture(`${url}/scan`, drawn.bytes));
    const lost = await refused(await post(`${url}/scan`, formOf({'bad.jpg': poison})));
    expect(lost).to.match(/^422 IMAGE_TOO_COSTLY: the picture bad\.jpg ended the thread that scanned it: /);
    await scanned(await postPicture(`${url}/scan`, drawn.bytes));
    expect(await metric(url, 'rice_worker_restarts_total')).to.equal(1);
  });

  it('counts its scans', async () => {
    const {url} = await start();
    await scanned(await postPicture(`${url}/scan`, drawn.bytes));
    await refused(await postPicture(`${url}/scan`, drawn.bytes.subarray(0, 2000)));
    expect(await metric(url, 'rice_scans_total{outcome="answered"}')).to.equal(1);
    expect(await metric(url, 'rice_scans_total{outcome="failed"}')).to.equal(1);
    expect(await metric(url, 'rice_scan_duration_seconds_count')).to.equal(2);
    expect(await metric(url, 'rice_scan_grains_sum')).to.equal(20);
    expect(await metric(url, 'rice_scan_queue_depth')).to.equal(0);
  });

  it('is described with its parameters and errors', async () => {
    const description = (await (await fetch(`${server.url}/openapi.json`)).json()) as Description;
    const {parameters, requestBody, responses} = description.paths['/scan'].post;
    const names = parameters.map((each) => `${each.in} ${each.name}`);
    expect(names).to.include.members(['query pxPerMm', 'query reference', 'query broken']);
    const {properties} = requestBody.content['multipart/form-data'].schema;
    expect(properties).to.include.keys('file', 'corrections', ...parameters.map(({name}) => name));
    expect(responses).to.include.keys('200', '400', '413', '415', '422', '503');
    expect(responses[200].content['application/json'].schema).to.deep.equal({$ref: '#/components/schemas/Scan'});
  });

  it('is not there where the server does not scan', async () => {
    const {url} = await start(['--scan-threads', '0']);
    expect(await refused(await postPicture(`${url}/scan`, drawn.bytes))).to.match(/^404 ROUTE_NOT_FOUND/);
    expect(await (await fetch(url)).text()).not.to.contain('id="panel-scan"');
    const description = (await (await fetch(`${url}/openapi.json`)).json()) as Description;
    expect(description.paths).not.to.have.property('/scan');
  });

  it('takes the last scan along when the server stops', async function () {
    if (process.platform === 'win32') this.skip();
    const {url, stop} = await start(['--timeout', '60']);
    const last = postPicture(`${url}/scan`, large);
    await until(async () => (await metric(url, 'rice_requests_in_progress')) === 2);
    const ended = stop();
    expect((await last).status).to.equal(200);
    expect(await ended).to.equal(0);
  });
});
