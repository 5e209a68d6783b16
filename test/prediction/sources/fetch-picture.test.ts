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
    ['/circle.jpg', /redirect count exceeded$/],
    ['/nowhere.jpg', /^cannot fetch .*nowhere\.jpg: /],
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
    expect((await failure('http://user:secret@127.0.0.1/')).code).to.equal('DOWNLOAD_FAILED');
  });
});
