import {createServer} from 'node:net';
import {expect} from 'chai';
import {type FetchOptions, fetchPicture, isAddress} from '../../../src/prediction/sources/fetch-picture.ts';
import {type PictureServer, startPictureServer} from '../../helpers/picture-server.ts';

const PICTURE = Buffer.from(Array.from({length: 10_000}, (_, i) => i % 251));

describe('a picture from a URL', () => {
  let server: PictureServer;
  before(async () => {
    server = await startPictureServer(PICTURE);
  });
  after(() => server.close());

  const failure = async (address: string, options: FetchOptions = {}) => {
    const error = await fetchPicture(address, options).catch((thrown) => thrown);
    expect(error, address).to.be.instanceOf(Error);
    return error as {code: string; message: string};
  };

  it('is recognized by http:// or https://', () => {
    for (const address of ['http://x/a.jpg', 'HTTPS://x']) expect(isAddress(address), address).to.equal(true);
    for (const path of ['http', 'http:/x', 'x/http://', 'ftp://x', 'file:///x', 'httpx://'])
      expect(isAddress(path), path).to.equal(false);
  });

  it('is downloaded, also after a redirect', async () => {
    for (const path of ['/grain.jpg', '/moved.jpg'])
      expect(Buffer.from(await fetchPicture(server.at(path))).equals(PICTURE), path).to.equal(true);
    expect(await fetchPicture(server.at('/empty.jpg'))).to.have.length(0);
  });

  const failures: [string, RegExp][] = [
    ['/missing.jpg', /: the server answered 404 Not Found$/],
    ['/broken.jpg', /: the server answered 500 Internal Server Error$/],
    ['/circle.jpg', /: it redirects more than 10 times$/],
    ['/nowhere.jpg', /^cannot fetch .*nowhere\.jpg: it redirects to a file: URL$/],
    ['/lost.jpg', /: 127\.0\.0\.1:\d+ redirects without a target$/],
    ['/cut.jpg', /^cannot fetch .*cut\.jpg: /],
    ['/short.jpg', /^cannot fetch .*short\.jpg: /],
  ];
  for (const [path, message] of failures)
    it(`fails on ${path.slice(1)} with the reason`, async () => {
      const error = await failure(server.at(path));
      expect(error.code).to.equal('DOWNLOAD_FAILED');
      expect(error.message).to.match(message).and.to.contain(server.at(path));
    });

  it('has a timeout, for the headers as well as the body', async () => {
    for (const path of ['/silent.jpg', '/stalled.jpg'])
      expect(await failure(server.at(path), {timeout: 100})).to.include({
        code: 'DOWNLOAD_FAILED',
        message: `cannot fetch ${server.at(path)}: no answer within 0.1 s`,
      });
  });

  it('is not waited for after an abort', async () => {
    const stop = new AbortController();
    const error = failure(server.at('/silent.jpg'), {signal: stop.signal});
    stop.abort();
    expect((await error).code).to.equal('DOWNLOAD_FAILED');
  });

  it('is rejected above the limit, without a complete download', async () => {
    for (const path of ['/endless.jpg', '/grain.jpg'])
      expect((await failure(server.at(path), {limit: 9999})).code).to.equal('IMAGE_TOO_LARGE');
    expect(await fetchPicture(server.at('/grain.jpg'), {limit: 10_000})).to.have.length(10_000);
  });

  it('reports that there is no server', async () => {
    const probe = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => probe.once('listening', resolve));
    const {port} = probe.address() as {port: number};
    await new Promise((resolve) => probe.close(resolve));
    expect((await failure(`http://127.0.0.1:${port}/x.jpg`)).message).to.match(/the server refused the connection$/);
    expect((await failure('http://')).code).to.equal('DOWNLOAD_FAILED');
  });

  it('may need a user and a password, which its own server gets and nobody else', async () => {
    const [to, away] = [server.at('/private.jpg'), server.at('/away.jpg')].map((url) =>
      url.replace('//', '//ada:se%20cret@'),
    );
    expect(Buffer.from(await fetchPicture(to)).equals(PICTURE)).to.equal(true);
    // localhost is another server than 127.0.0.1.
    expect((await failure(away)).message).to.match(/^cannot fetch http:\/\/127\.0\.0\.1.*: the server answered 401/);
  });

  it('fails without its password and its token in the message', async () => {
    const address = server.at('/missing.jpg?id=7&token=hush').replace('//', '//ada:secret@');
    const {message} = await failure(address);
    expect(message).to.equal(
      `cannot fetch ${server.at('/missing.jpg?id=7&token=***')}: the server answered 404 Not Found`,
    );
    for (const invalid of ['http://ada:secret@', 'http://ada:secret@[x/', 'http://ada:secret@127.0.0.1:99999/'])
      expect((await failure(invalid)).message)
        .to.include('cannot fetch')
        .and.not.include('secret');
  });

  it('does not lead from a public server into this machine', async () => {
    // Only the start is taken for a public one.
    let lookups = 0;
    const toZone = () => (lookups++ === 0 ? ('public' as const) : ('loopback' as const));
    const error = await failure(server.at('/moved.jpg'), {toZone});
    expect(error.message).to.match(/: it redirects to 127\.0\.0\.1:\d+, which is in this machine$/);
    lookups = 0;
    const named = await failure(server.at('/away.jpg'), {toZone});
    expect(named.message).to.match(/: it redirects to localhost, which is in this machine$/);
    expect(await fetchPicture(server.at('/moved.jpg'), {toZone: () => 'private'})).to.have.length(PICTURE.length);
  });
});
