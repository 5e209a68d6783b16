import {request} from 'node:http';
import {connect} from 'node:net';
import {setTimeout} from 'node:timers/promises';
import {drawFrame, encodePng} from './images.ts';

/** What an unfriendly client does once; it may be answered, refused or cut off, but must not do harm. */
export type HostileClient = (url: string, picture: Uint8Array) => Promise<string>;

const BOUNDARY = {'content-type': 'multipart/form-data; boundary=x'};
const PART = '--x\r\ncontent-disposition: form-data; name="a"; filename="b"\r\n\r\nc\r\n';
/** A picture that says of itself that it has 25 million pixels and more, in a hundred bytes. */
const BOMB = bomb();

/** Each tells how it ended: a status, or `cut`. */
export const HOSTILE_CLIENTS: Record<string, HostileClient> = {
  garbage: (url) => raw(url, '\x00\xff\x16\x03 garbage\r\n\r\n'),
  'a head that never ends': (url) => raw(url, `POST / HTTP/1.1\r\n${'x: y\r\n'.repeat(5000)}`),
  'two lengths': (url) =>
    raw(url, 'POST / HTTP/1.1\r\nhost: localhost\r\ncontent-length: 3\r\ncontent-length: 4\r\n\r\nabcd'),
  'no picture': (url) => post(url, {'content-type': 'image/jpeg'}, Buffer.from('no picture')),
  'a cut picture': (url, picture) => post(url, {'content-type': 'image/jpeg'}, picture.subarray(0, picture.length / 2)),
  'a bomb': (url) => post(url, {'content-type': 'image/png'}, BOMB),
  'a wrong type': (url) => post(url, {'content-type': 'application/json'}, Buffer.from('{"picture": 1}')),
  'no type': (url) => post(url, {}, Buffer.from('no picture')),
  'an empty body': (url) => post(url, {'content-type': 'image/jpeg'}, Buffer.alloc(0)),
  'a form without an end': (url, picture) =>
    post(url, BOUNDARY, Buffer.concat([Buffer.from(PART.slice(0, -3)), picture])),
  'a form that is none': (url) => post(url, BOUNDARY, Buffer.from('hello')),
  '10,000 parts': (url) => post(url, BOUNDARY, Buffer.from(`${PART.repeat(10_000)}--x--\r\n`)),
  '10,000 fields': (url) =>
    post(url, BOUNDARY, Buffer.from(`${PART.replace('; filename="b"', '').repeat(10_000)}--x--\r\n`)),
  '100 MB, announced': (url) => pour(url, {'content-type': 'image/jpeg', 'content-length': `${100 * 2 ** 20}`}),
  '100 MB, in chunks': (url) => pour(url, {'content-type': 'image/jpeg', 'transfer-encoding': 'chunked'}),
  '100 MB, in a form': (url) => pour(url, {...BOUNDARY, 'transfer-encoding': 'chunked'}, PART.slice(0, -3)),
  'an upload that is broken off': (url, picture) => breakOff(url, picture),
  'a slow body': (url, picture) => drip(url, picture),
  'JSON that is none': (url, picture) => infer(url, picture, '[[['.repeat(1000)),
  'JSON that is deep': (url, picture) => infer(url, picture, `${'['.repeat(100_000)}${']'.repeat(100_000)}`),
  'a tensor of another size': (url, picture) =>
    infer(url, picture, '{"inputs":[{"name":"image","shape":[50,56,120,3],"datatype":"UINT8","data":[1]}]}'),
  'the name of another site': (url) =>
    raw(url, 'GET /metrics HTTP/1.1\r\nhost: evil.example\r\nconnection: close\r\n\r\n'),
  'a path that is none': (url) =>
    raw(url, 'GET /%ff%00/../../etc/passwd HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n'),
};

function post(url: string, headers: Record<string, string>, body: Uint8Array, path = '/predict'): Promise<string> {
  return send(url, path, headers, (stream) => stream.end(body));
}

async function infer(url: string, picture: Uint8Array, body: string): Promise<string> {
  const friendly = await fetch(`${url}/predict`, {
    method: 'POST',
    headers: {'content-type': 'image/jpeg'},
    body: picture as Uint8Array<ArrayBuffer>,
  });
  const {model} = (await friendly.json()) as {model: {name: string}};
  return post(url, {}, Buffer.from(body), `/v2/models/${model.name}/infer`);
}

function pour(url: string, headers: Record<string, string>, before = ''): Promise<string> {
  const chunk = Buffer.alloc(2 ** 20, 120);
  return send(url, '/predict', headers, (stream) => {
    stream.write(before);
    let left = 100 - (before === '' ? 0 : 1);
    const more = () => {
      while (left > 0 && !stream.destroyed) {
        left--;
        if (!stream.write(chunk)) {
          stream.once('drain', more);
          return;
        }
      }
      stream.end();
    };
    more();
  });
}

function send(
  url: string,
  path: string,
  headers: Record<string, string>,
  write: (stream: ReturnType<typeof request>) => void,
): Promise<string> {
  return new Promise((resolve) => {
    const stream = request(new URL(path, url), {method: 'POST', headers, agent: false}, (response) => {
      response.resume().on('close', () => resolve(`${response.statusCode}`));
    });
    stream.on('error', () => resolve('cut'));
    write(stream);
  });
}

/** Writes bytes to a connection and tells the status of what comes back. */
function raw(url: string, text: string, patience = 3000): Promise<string> {
  const {hostname, port} = new URL(url);
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname, () => socket.write(Buffer.from(text, 'latin1')));
    let received = '';
    socket.setTimeout(patience, () => socket.destroy());
    socket.on('data', (data) => {
      received += data.toString('latin1');
    });
    socket.on('error', () => {});
    socket.on('close', () => resolve(/^HTTP\/1\.1 (\d+)/.exec(received)?.[1] ?? 'cut'));
  });
}

async function breakOff(url: string, picture: Uint8Array): Promise<string> {
  const {hostname, port} = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.on('error', () => {});
  socket.write(
    `POST /predict HTTP/1.1\r\nhost: localhost\r\ncontent-type: image/jpeg\r\ncontent-length: ${picture.length}\r\n\r\n`,
  );
  await new Promise((resolve) => socket.write(picture.subarray(0, picture.length - 10), resolve));
  socket.destroy();
  return 'cut';
}

/** Some bytes now and then, and never all of them, until the server has had enough or the client has. */
async function drip(url: string, picture: Uint8Array): Promise<string> {
  const {hostname, port} = new URL(url);
  const socket = connect(Number(port), hostname);
  let received = '';
  socket.on('error', () => {});
  socket.on('data', (data) => {
    received += data.toString('latin1');
  });
  socket.write(
    `POST /predict HTTP/1.1\r\nhost: localhost\r\ncontent-type: image/jpeg\r\ncontent-length: ${picture.length}\r\n\r\n`,
  );
  for (let at = 0; at < 100 && !socket.destroyed && received === ''; at++) {
    socket.write(picture.subarray(at, at + 1));
    await setTimeout(50);
  }
  socket.destroy();
  return /^HTTP\/1\.1 (\d+)/.exec(received)?.[1] ?? 'cut';
}

function bomb(): Buffer {
  const png = encodePng(drawFrame(1, 1, () => [0, 0, 0]));
  png.writeUInt32BE(60_000, 16);
  png.writeUInt32BE(60_000, 20);
  return png;
}
