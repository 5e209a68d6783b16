import {setTimeout} from 'node:timers/promises';
import {deflateSync} from 'node:zlib';
import {expect} from 'chai';
import {pngChunk, pngHeader} from '../../helpers/png.ts';
import {pictureHead, rawClient} from '../raw-client.ts';
import {formOf, metric, postPicture, type Serving, servers, until} from '../serving.ts';

/** A small file with many pixels. */
function blackPng(side: number): Buffer {
  const rows = deflateSync(Buffer.alloc((side * 3 + 1) * side));
  const header = pngHeader(side, side, {bitDepth: 8, colorType: 2, interlaced: false});
  return Buffer.concat([header, pngChunk('IDAT', rows), pngChunk('IEND', Buffer.alloc(0))]);
}

describe('a server with small limits', () => {
  const {jpegs, start} = servers();
  let server: Serving;
  /** Takes so long to decode that other requests arrive meanwhile. */
  const slow = blackPng(4500);
  before(async () => {
    server = await start(['--max-queue', '3', '--concurrency', '4', '--timeout', '5', '--max-body', '40MB']);
    await until(async () => (await fetch(`${server.url}/readyz`)).ok);
  });

  const works = async () => expect((await postPicture(`${server.url}/predict`, jpegs.Red)).status).to.equal(200);

  it('rejects what the queue cannot hold, with a Retry-After, and answers the others', async () => {
    const before = await metric(server.url, 'rice_rejected_total{reason="queue"}');
    const blocking = postPicture(`${server.url}/predict`, slow);
    await until(async () => (await metric(server.url, 'rice_requests_in_progress')) >= 2);
    await setTimeout(30);
    const pair = () => fetch(`${server.url}/predict`, {method: 'POST', body: formOf({a: jpegs.Red, b: jpegs.Blue})});
    const answers = await Promise.all([pair(), pair(), pair()]);
    expect(answers.map(({status}) => status).sort()).to.deep.equal([200, 503, 503]);
    const refused = answers.find(({status}) => status === 503)!;
    expect(refused.headers.get('retry-after')).to.equal('1');
    expect(await refused.json()).to.have.nested.property('error.code', 'SERVER_BUSY');
    expect((await blocking).status).to.be.oneOf([200, 503]);
    expect(await metric(server.url, 'rice_rejected_total{reason="queue"}')).to.equal(before + 2);
    await works();
  });

  it('rejects a request with more pictures than the queue can ever hold', async () => {
    const files = Object.fromEntries(Array.from({length: 4}, (_, i) => [`${i}`, jpegs.Red]));
    const response = await fetch(`${server.url}/predict`, {method: 'POST', body: formOf(files)});
    expect(response.status).to.equal(413);
  });

  it('ends a request that does not arrive in time, and leaves nothing waiting', async () => {
    const {socket, ended} = rawClient(server.url);
    socket.write(pictureHead(1000));
    socket.write(jpegs.Red.subarray(0, 100));
    const answer = await ended;
    expect(answer).to.match(/^HTTP\/1\.1 408 /);
    expect(answer).to.contain('REQUEST_TIMEOUT');
    await works();
  });

  it('gives up if an answer takes too long', async () => {
    // Forty-nine megapixels in a tenth of a second: no machine is as fast.
    const hurried = await start(['--timeout', '0.1']);
    await until(async () => (await fetch(`${hurried.url}/readyz`)).ok);
    const response = await postPicture(`${hurried.url}/predict`, blackPng(7000));
    expect([response.status, response.headers.get('retry-after')]).to.deep.equal([503, '1']);
    expect(await response.json()).to.have.nested.property('error.code', 'ANSWER_TIMEOUT');
    expect(await metric(hurried.url, 'rice_rejected_total{reason="time-out"}')).to.equal(1);
  });

  it('drops a request whose client disconnects', async () => {
    const gone = 'rice_http_requests_total{route="/predict",method="POST",code="499"}';
    const {socket} = rawClient(server.url);
    socket.write(pictureHead('chunked'));
    socket.write('5\r\nabcde\r\n', () => socket.destroy());
    await until(async () => (await metric(server.url, gone)) === 1);
    expect(await metric(server.url, 'rice_requests_in_progress')).to.equal(1);
    await works();
  });

  it('rejects a body whose Content-Length is too large at once, and a body that grows too large', async () => {
    const announced = rawClient(server.url);
    announced.socket.write(pictureHead(50_000_000));
    await until(() => announced.received().includes('REQUEST_TOO_LARGE'));
    announced.socket.destroy();
    const growing = rawClient(server.url);
    growing.socket.write(pictureHead('chunked'));
    const chunk = `100000\r\n${'x'.repeat(0x100000)}\r\n`;
    for (let i = 0; i < 45; i++) growing.socket.write(chunk);
    growing.socket.write('0\r\n\r\n');
    await until(() => growing.received().includes('REQUEST_TOO_LARGE'));
    expect(growing.received()).to.match(/^HTTP\/1\.1 413 /);
    growing.socket.destroy();
    await works();
  });

  it('answers friendly requests while five uploads stand still, each 32 bytes short of the limit', async () => {
    const {url} = await start(['--max-body', '1MB']);
    await until(async () => (await fetch(`${url}/readyz`)).ok);
    const slow = Array.from({length: 5}, () => rawClient(url));
    for (const {socket} of slow) {
      socket.write(pictureHead(2 ** 20));
      socket.write(Buffer.alloc(2 ** 20 - 32));
    }
    await until(async () => (await metric(url, 'rice_rejected_total{reason="memory"}')) > 0);
    for (let i = 0; i < 10; i++) expect((await postPicture(`${url}/predict`, jpegs.Red)).status).to.equal(200);
    for (const {socket} of slow) socket.destroy();
  });

  it('answers invalid HTTP with an error, and goes on', async () => {
    const {socket, ended} = rawClient(server.url);
    socket.write('\x16\x03\x01 hello\r\n\r\n');
    const answer = await ended;
    expect(answer).to.match(/^HTTP\/1\.1 400 /);
    expect(answer).to.contain('REQUEST_INVALID');
    await works();
  });

  it('rejects a form of 10,000 parts', async () => {
    const part = '--x\r\ncontent-disposition: form-data; name="a"; filename="b"\r\n\r\nc\r\n';
    const response = await fetch(`${server.url}/predict`, {
      method: 'POST',
      body: `${part.repeat(10_000)}--x--\r\n`,
      headers: {'content-type': 'multipart/form-data; boundary=x'},
    });
    expect(response.status).to.equal(413);
    await works();
  });

  it('computes waiting pictures in one batch', async () => {
    const sum = await metric(server.url, 'rice_batch_size_sum');
    const count = await metric(server.url, 'rice_batch_size_count');
    const form = formOf({a: jpegs.Red, b: jpegs.Blue, c: jpegs.Red});
    expect((await fetch(`${server.url}/predict`, {method: 'POST', body: form})).status).to.equal(200);
    expect((await metric(server.url, 'rice_batch_size_sum')) - sum).to.equal(3);
    expect((await metric(server.url, 'rice_batch_size_count')) - count).to.equal(1);
  });
});
