import {createHash} from 'node:crypto';
import {createServer as createHttpServer} from 'node:http';
import {createServer, type Server as HttpsServer} from 'node:https';
import type {AddressInfo} from 'node:net';
import {expect} from 'chai';
import {RiceError} from '../../../src/common/errors.ts';
import type {Zone} from '../../../src/common/network-zone.ts';
import {packageVersion} from '../../../src/common/package-root.ts';
import {HttpClient} from '../../../src/fetching/download/http-client.ts';
import {HttpFile, type HttpFileOptions} from '../../../src/fetching/download/http-file.ts';
import {followRedirect} from '../../../src/fetching/download/redirect.ts';
import type {OpenOptions, RemoteContent} from '../../../src/fetching/download/remote-file.ts';
import {RetryableError} from '../../../src/fetching/download/retry.ts';
import {type ArchiveServer, type Faults, startArchiveServer} from '../../helpers/archive-server.ts';
import {CERTIFICATE, CERTIFICATE_KEY} from '../../helpers/certificate.ts';
import {withoutProxies} from '../../helpers/environment.ts';
import {type ProxyOptions, type ProxyServer, startProxyServer} from '../../helpers/proxy-server.ts';

const ARCHIVE = Buffer.from(Array.from({length: 100_000}, (_, i) => (i * i) % 251));
const MD5 = createHash('md5').update(ARCHIVE).digest('hex');
const SHA256 = createHash('sha256').update(ARCHIVE).digest('hex');
const BASIC = `Basic ${Buffer.from('rice:gr@in').toString('base64')}`;
/** A name that needs no name server. */
const OVERLONG = `${'r'.repeat(64)}.invalid`;

describe('a file at a URL', () => {
  withoutProxies();
  let server: ArchiveServer;
  let other: ArchiveServer;
  beforeEach(async () => {
    server = await startArchiveServer(ARCHIVE);
    other = await startArchiveServer(ARCHIVE);
  });
  afterEach(async () => {
    await server.close();
    await other.close();
  });

  type Opening = HttpFileOptions & Partial<OpenOptions> & {offset?: number};

  async function open(address: string, options: Opening = {}): Promise<RemoteContent & {bytes: Buffer}> {
    const {offset = 0, identity, signal = new AbortController().signal, ...rest} = options;
    const content = await new HttpFile(address, rest).open(offset, {identity, signal});
    const chunks: Uint8Array[] = [];
    for await (const chunk of content.body) chunks.push(chunk);
    return {...content, bytes: Buffer.concat(chunks)};
  }

  async function failure(address: string, options: Opening = {}): Promise<Failure> {
    const error = await open(address, options).catch((thrown) => thrown);
    expect(error, address).to.be.instanceOf(Error);
    return error;
  }

  /** The error, of either class. */
  type Failure = Omit<RiceError, 'name'> & Omit<RetryableError, 'name'>;

  /** The identity of a first answer. */
  const identityOf = async (faults: Faults) => (await open(server.at(faults))).identity;

  const last = ({requests}: ArchiveServer) => requests.at(-1)!.headers;

  it('is read completely, with the facts that the server states', async () => {
    const {offset, total, digests, bytes} = await open(server.at());
    expect({offset, total, digests}).to.deep.equal({offset: 0, total: 100_000, digests: {md5: MD5, sha256: undefined}});
    expect(bytes.equals(ARCHIVE)).to.equal(true);
    expect(last(server)).to.include({'accept-encoding': 'identity', 'user-agent': `rice-grain/${packageVersion()}`});
    expect(last(server)).to.not.have.any.keys('authorization', 'range', 'if-range');
  });

  it('has a digest from several headers, and no length if none is stated', async () => {
    const {total, digests, bytes} = await open(server.at({hash: 'several', length: 'none'}));
    expect({total, md5: digests.md5}).to.deep.equal({total: undefined, md5: MD5});
    expect(bytes.equals(ARCHIVE)).to.equal(true);
  });

  it('has the digest and the length that a redirect states', async () => {
    const to = other.at({hash: 'none', length: 'none'});
    const {total, digests} = await open(server.at({to, linked: true}));
    expect({total, digests}).to.deep.equal({total: 100_000, digests: {md5: undefined, sha256: SHA256}});
  });

  it('is named without user, password and query', () => {
    expect(new HttpFile('https://rice:secret@host:81/a/b.zip?signature=1#x').name).to.equal('https://host:81/a/b.zip');
  });

  it('needs an http or https URL', () => {
    for (const address of ['ftp://rice:secret@host/a.zip?signature', '/tmp/a.zip', 'http://', '']) {
      expect(() => new HttpFile(address), address)
        .to.throw(/is not an http or https URL$/)
        .with.property('message')
        .that.does.not.match(/secret|signature/);
    }
  });

  describe('from an offset', () => {
    const tagged: Faults = {};
    const hashed: Faults = {tag: 'none'};
    const dated: Faults = {tag: 'weak', hash: 'none'};

    for (const [what, faults, condition] of [
      ['entity tag', tagged, `"${createHash('sha1').update(ARCHIVE).digest('hex')}"`],
      ['MD5', hashed, undefined],
      ['date', dated, 'Mon, 02 Jun 2025 10:00:00 GMT'],
    ] as const)
      it(`is only the rest if the ${what} is the same`, async () => {
        const identity = await identityOf(faults);
        const {offset, total, bytes, ...content} = await open(server.at(faults), {offset: 99_000, identity});
        expect(last(server)).to.include({range: 'bytes=99000-'});
        expect(last(server)['if-range']).to.equal(condition);
        expect({offset, total, identity: content.identity}).to.deep.equal({offset: 99_000, total: 100_000, identity});
        expect(bytes.equals(ARCHIVE.subarray(99_000))).to.equal(true);
      });

    for (const [what, faults] of [
      ['entity tag', tagged],
      ['entity tag, whatever the condition,', {...tagged, ranges: 'unconditional'}],
      ['MD5', hashed],
    ] as const)
      it(`is the whole file if the ${what} has changed`, async () => {
        const identity = await identityOf(faults);
        server.archive = ARCHIVE.toReversed();
        const {offset, bytes, ...content} = await open(server.at(faults), {offset: 99_000, identity});
        expect(offset).to.equal(0);
        expect(bytes.equals(server.archive)).to.equal(true);
        expect(content.identity).to.not.equal(identity);
      });

    it('is the whole file if the date is the same, but the length has changed', async () => {
      const identity = await identityOf(dated);
      server.archive = ARCHIVE.subarray(1);
      const {offset, bytes} = await open(server.at(dated), {offset: 99_000, identity});
      expect([offset, bytes.length]).to.deep.equal([0, 99_999]);
    });

    it('is the whole file if the server has no ranges, or sends another one', async () => {
      for (const ranges of ['none', 'wrong'] as const) {
        const identity = await identityOf({ranges});
        const {offset, bytes} = await open(server.at({ranges}), {offset: 99_000, identity});
        expect(offset, ranges).to.equal(0);
        expect(bytes.equals(ARCHIVE), ranges).to.equal(true);
      }
    });

    it('is the whole file if the existing bytes have no identity', async () => {
      expect((await open(server.at(), {offset: 99_000})).offset).to.equal(0);
      expect(last(server).range).to.equal(undefined);
      expect(await identityOf({tag: 'weak', hash: 'none', modified: 'none'})).to.equal(undefined);
    });

    it('is empty if it is already complete', async () => {
      const identity = await identityOf({});
      const {offset, total, bytes} = await open(server.at(), {offset: 100_000, identity});
      expect({offset, total, length: bytes.length}).to.deep.equal({offset: 100_000, total: 100_000, length: 0});
      expect(server.requests).to.have.length(2);
    });

    it('is the whole file if there are too many bytes', async () => {
      const identity = await identityOf({});
      expect((await open(server.at(), {offset: 100_001, identity})).bytes.equals(ARCHIVE)).to.equal(true);
    });
  });

  describe('behind redirects', () => {
    it('is found on another host, which gets no credentials', async () => {
      const to = other.at({}, 'localhost');
      const headers = {Authorization: 'Bearer secret', 'X-Api-Key': 'secret'};
      expect((await open(server.at({to}), {headers})).bytes.equals(ARCHIVE)).to.equal(true);
      expect(last(server)).to.include({authorization: 'Bearer secret', 'x-api-key': 'secret'});
      expect(last(other)).to.include({host: `localhost:${other.port}`});
      expect(last(other)).to.not.have.any.keys('authorization', 'x-api-key');
    });

    it('is found on another port, which gets no credentials either, and back on the first, which gets them', async () => {
      const home = server.at({authorization: BASIC});
      const {bytes} = await open(server.at({to: other.at({to: home})}).replace('//', '//rice:gr%40in@'));
      expect(bytes.equals(ARCHIVE)).to.equal(true);
      expect(server.requests.map(({headers}) => headers.authorization)).to.deep.equal([BASIC, BASIC]);
      expect(last(other)).to.not.have.property('authorization');
    });

    it('keeps the credentials on the same host', async () => {
      const address = server.at({to: '/archive.zip'}).replace('//', '//rice:gr%40in@');
      await open(address, {headers: {'X-Api-Key': 'secret'}});
      expect(server.requests).to.have.length(2);
      for (const {headers} of server.requests)
        expect(headers).to.include({authorization: BASIC, 'x-api-key': 'secret'});
    });

    it('must not lead from another machine into this one or to its link', async () => {
      const get = async (zones: Zone[], to: string) => {
        const toZone = () => zones.shift() ?? 'loopback';
        const client = new HttpClient(5, {toZone});
        const answer = await client.get({address: new URL(server.at({to})), signal: new AbortController().signal});
        answer.discard();
        return answer.status;
      };
      const refused = async (zone: Zone) => {
        const error = await get(['public', zone], other.at()).catch((thrown) => thrown);
        expect(error).to.be.instanceOf(RiceError);
        return error.message;
      };
      expect(await refused('loopback')).to.match(/: it redirects to 127\.0\.0\.1:\d+, which is in this machine$/);
      expect(await refused('link-local')).to.match(/, which is in the link of this machine$/);
      expect(await get(['public', 'private'], other.at())).to.equal(200);
      expect(await get(['loopback', 'loopback'], other.at())).to.equal(200);
    });

    it('is requested with the credentials in the new URL', async () => {
      await open(server.at({to: other.at({authorization: BASIC}).replace('//', '//rice:gr%40in@')}));
      expect(last(server)).to.not.have.property('authorization');
    });

    const lost: [string, Faults, RegExp][] = [
      ['to nowhere', {to: 'nowhere'}, /: 127\.0\.0\.1:\d+ redirects without a target$/],
      ['in a loop', {to: 'circle'}, /: its redirects form a loop$/],
      ['to another protocol', {to: 'file:///etc/passwd'}, /redirects to a file: URL$/],
      ['to an invalid URL', {to: 'http://['}, /redirects to an invalid URL$/],
    ];
    for (const [where, faults, message] of lost)
      it(`${where} is not found`, async () => {
        const error = await failure(server.at(faults));
        expect(error.code).to.equal('DOWNLOAD_FAILED');
        expect(error.message).to.match(message);
      });

    it('is found after up to ten redirects', async () => {
      const chain = (length: number): string => {
        let address = server.at();
        for (let i = 0; i < length; i++) address = server.at({to: address});
        return address;
      };
      expect((await open(chain(10))).bytes.equals(ARCHIVE)).to.equal(true);
      expect((await failure(chain(11))).message).to.match(/redirects more than 10 times$/);
    }).timeout(20_000);

    it('rejects a redirect from https to http, except on this machine', () => {
      const from = new URL('https://rice:secret@host/a');
      const follow = (location: string) => followRedirect(from, location, 'it').href;
      expect(() => follow('http://rice:secret@host/b?signature')).to.throw(
        /^cannot fetch it: host redirects from https to http:\/\/host\/b, where the content/,
      );
      expect(() => follow('http://127.0.0.1.host/b')).to.throw();
      for (const location of ['http://127.0.0.1:81/b', 'http://localhost/b', 'http://[::1]/b', 'https://other/b'])
        expect(follow(location)).to.equal(location);
      expect(followRedirect(new URL('https://host/a/b'), '../c#part', 'it').href).to.equal('https://host/c');
    });
  });

  it('is given up where it comes so slowly that it never would', async () => {
    const trickle = createHttpServer((_, response) => {
      response.writeHead(200, {'content-length': 1_000_000});
      const drip = setInterval(() => response.write('PK'), 100);
      response.on('close', () => clearInterval(drip));
    });
    await new Promise<void>((resolve) => trickle.listen(0, '127.0.0.1', resolve));
    try {
      const address = `http://127.0.0.1:${(trickle.address() as AddressInfo).port}/slow.zip`;
      const error = await failure(address, {timeout: 1});
      expect(error).to.be.instanceOf(RetryableError).and.include({slow: true});
      expect(error.message).to.match(/^127\.0\.0\.1:\d+ sent less than 1 kB a second for 1 s$/);
    } finally {
      trickle.closeAllConnections();
      trickle.close();
    }
  });

  describe('that is unavailable', () => {
    it('requires credentials, or valid ones', async () => {
      const none = await failure(server.at({authorization: BASIC}));
      expect(none.code).to.equal('ACCESS_DENIED');
      expect(none.message).to.match(
        /^cannot fetch \S+: 127\.0\.0\.1:\d+ requires credentials, but none were sent \(401\)$/,
      );
      const wrong = await failure(server.at({status: 403}).replace('//', '//rice:secret@'));
      expect(wrong.code).to.equal('ACCESS_DENIED');
      expect(wrong.message)
        .to.match(/rejected the credentials \(403\)$/)
        .and.not.include('secret');
    });

    it('reports that the target of a redirect got no credentials', async () => {
      const to = other.at({status: 403}, 'localhost');
      const error = await failure(server.at({to}), {headers: {authorization: BASIC}});
      expect(error.message).to.include(`: localhost:${other.port} requires credentials, but none were sent`);
    });

    it('is a web page, whatever its content type', async () => {
      for (const type of ['text/html; charset=utf-8', 'application/zip']) {
        const error = await failure(server.at({page: 'Please\n\u001b[2J  log in', type}));
        expect(error.code, type).to.equal('ARCHIVE_UNSUPPORTED');
        expect(error.message).to.match(/: the server sent a web page \("Please \[2J log in"\) instead of an archive$/);
      }
      expect((await failure(server.at({page: ''}))).message).to.match(/sent a web page instead of an archive$/);
    });

    it('does not exist', async () => {
      for (const [status, reason] of [
        [404, /answered 404: the file does not exist$/],
        [410, /answered 410: the file is gone$/],
        [416, /answered 416$/],
        [204, /answered 204$/],
      ] as const) {
        const error = await failure(server.at({status}));
        expect(error.code, String(status)).to.equal('DOWNLOAD_FAILED');
        expect(error.message).to.match(reason);
      }
    });

    it('is compressed, which would change its length', async () => {
      const error = await failure(server.at({encoding: 'gzip'}));
      expect(error.code).to.equal('DOWNLOAD_FAILED');
      expect(error.message).to.match(/sent it compressed, although uncompressed was requested$/);
      expect((await open(server.at({encoding: 'identity'}))).bytes.equals(ARCHIVE)).to.equal(true);
    });

    it('is behind an untrusted certificate', async () => {
      const secure = await startSecureServer();
      const {port} = secure.address() as AddressInfo;
      const error = await failure(`https://localhost:${port}/archive.zip`);
      secure.close();
      expect(error.code).to.equal('DOWNLOAD_FAILED');
      expect(error.message).to.match(/: the certificate of localhost:\d+ is not trusted: self-signed certificate$/);
      expect(error.suggestions[0]).to.include('NODE_EXTRA_CA_CERTS');
    });

    it('is on a server without https', async () => {
      const error = await failure(server.at().replace('http:', 'https:'));
      expect(error.code).to.equal('DOWNLOAD_FAILED');
      expect(error.message).to.match(/: no encrypted connection to 127\.0\.0\.1:\d+ is possible: /);
    });
  });

  describe('that may be available later', () => {
    it('is recognized by the status, with the time to wait', async () => {
      for (const status of [408, 425, 429, 500, 502, 503, 504, 599]) {
        const error = await failure(server.at({status, after: '7'}));
        expect(error, String(status)).to.be.instanceOf(RetryableError).and.include({retryAfter: 7});
        expect(error.message).to.equal(`127.0.0.1:${server.port} answered ${status}`);
      }
      expect((await failure(server.at({status: 503}))).retryAfter).to.equal(undefined);
      expect((await failure(server.at({status: 503, after: 'soon'}))).retryAfter).to.equal(undefined);
      const date = new Date(Date.now() + 3_600_000).toUTCString();
      expect((await failure(server.at({status: 503, after: date}))).retryAfter).to.be.within(3500, 3601);
      const past = new Date(0).toUTCString();
      expect((await failure(server.at({status: 503, after: past}))).retryAfter).to.equal(0);
    });

    const reasons: [string, (port: number) => string, HttpFileOptions, RegExp][] = [
      ['has no server', () => `http://${OVERLONG}/a`, {}, /^there is no server with the name rr+\.invalid$/],
      ['is refused', () => 'http://127.0.0.1:1/a', {}, /^127\.0\.0\.1:1 refused the connection$/],
    ];
    for (const [what, address, options, reason] of reasons)
      it(what, async () => {
        const error = await failure(address(server.port), options);
        expect(error).to.be.instanceOf(RetryableError);
        expect(error.message).to.match(reason);
      });

    const faults: [string, Faults, RegExp][] = [
      ['is not answered', {silent: true}, /^no answer from 127\.0\.0\.1:\d+ within 0\.2 s$/],
      ['stops in the middle', {stall: 20_000}, /^127\.0\.0\.1:\d+ sent nothing more for 0\.2 s$/],
      ['breaks off', {cut: 20_000}, /^the connection to 127\.0\.0\.1:\d+ broke$/],
      ['ends before its stated length', {length: 10}, /^the connection to 127\.0\.0\.1:\d+ broke$/],
      ['breaks off, its length unknown', {cut: 20_000, length: 'none'}, /^the connection to 127\.0\.0\.1:\d+ broke$/],
    ];
    for (const [what, fault, reason] of faults)
      it(what, async () => {
        const error = await failure(server.at(fault), {timeout: 0.2});
        expect(error).to.be.instanceOf(RetryableError);
        expect(error.message).to.match(reason);
      });
  });

  it('is not waited for after an abort, before the answer and within it', async () => {
    const reason = new Error('enough');
    for (const faults of [{silent: true}, {stall: 20_000}]) {
      const stop = new AbortController();
      const waiting = failure(server.at(faults), {signal: stop.signal});
      setTimeout(() => stop.abort(reason), 100);
      expect(await waiting).to.equal(reason);
      expect(await failure(server.at(), {signal: stop.signal})).to.equal(reason);
    }
  });

  describe('behind a proxy', () => {
    let proxy: ProxyServer;
    afterEach(() => proxy.close());

    async function startProxy(options: ProxyOptions = {}): Promise<void> {
      proxy = await startProxyServer(options);
      process.env.http_proxy = proxy.address.replace('//', '//rice:pr%40xy@');
    }
    const lines = () => proxy.requests.map(({line}) => line);

    it('is requested through the proxy, which gets only its own credentials', async () => {
      await startProxy();
      const {bytes} = await open(server.at().replace('//', '//rice:gr%40in@'));
      expect(bytes.equals(ARCHIVE)).to.equal(true);
      expect(lines()).to.deep.equal([`GET ${server.at()}`]);
      const basic = `Basic ${Buffer.from('rice:pr@xy').toString('base64')}`;
      expect(proxy.requests[0].headers).to.include({'proxy-authorization': basic, authorization: BASIC});
    });

    it('is requested from an offset and through redirects as well', async () => {
      await startProxy();
      const identity = await identityOf({});
      const {offset} = await open(server.at({to: server.at()}), {offset: 99_000, identity});
      expect(offset).to.equal(99_000);
      expect(lines()).to.deep.equal([server.at(), server.at({to: server.at()}), server.at()].map((at) => `GET ${at}`));
    });

    it('uses the upper-case variables, and a proxy address without http://', async () => {
      await startProxy();
      process.env.HTTP_PROXY = process.env.http_proxy!.replace('http://', '');
      delete process.env.http_proxy;
      await open(server.at());
      expect(lines()).to.have.length(1);
    });

    it('is requested directly if no_proxy matches', async () => {
      await startProxy();
      for (const [name, value] of [
        ['no_proxy', 'example.org,127.0.0.1'],
        ['NO_PROXY', '*'],
        ['no_proxy', `127.0.0.1:${server.port}`],
      ]) {
        process.env[name] = value;
        await open(server.at());
        delete process.env[name];
      }
      expect(lines()).to.deep.equal([]);
      process.env.no_proxy = '127.0.0.2';
      await open(server.at());
      expect(lines()).to.have.length(1);
    });

    it('is requested through a tunnel for https', async () => {
      await startProxy();
      process.env.https_proxy = process.env.http_proxy;
      const secure = await startSecureServer();
      const {port} = secure.address() as AddressInfo;
      const error = await failure(`https://localhost:${port}/archive.zip`);
      secure.close();
      expect(lines()).to.deep.equal([`CONNECT localhost:${port}`]);
      expect(error.message).to.include('certificate');
    });

    it('is rejected by the proxy without credentials', async () => {
      await startProxy({status: 407});
      for (const address of [server.at(), server.at().replace('http:', 'https:')]) {
        const error = await failure(address);
        expect(error.code).to.equal('ACCESS_DENIED');
        expect(error.message)
          .to.match(/: the proxy requires valid credentials \(407\)$/)
          .and.not.include('xy@');
      }
    });

    it('is rejected by the proxy permanently or temporarily', async () => {
      await startProxy({status: 403});
      const refused = await failure(server.at().replace('http:', 'https:'));
      expect(refused.code).to.equal('DOWNLOAD_FAILED');
      expect(refused.message).to.match(/: the proxy answered 403$/);
      await proxy.close();
      await startProxy({status: 503});
      const busy = await failure(server.at().replace('http:', 'https:'));
      expect(busy).to.be.instanceOf(RetryableError).and.include({message: 'the proxy answered 503'});
    });

    it('has a timeout', async () => {
      await startProxy({silent: true});
      for (const address of [server.at(), server.at().replace('http:', 'https:')])
        expect((await failure(address, {timeout: 0.2})).message).to.match(/^no answer from .* within 0\.2 s$/);
    });

    it('is not requested if the variable is invalid', async () => {
      await startProxy();
      process.env.http_proxy = 'http://rice:secret@:';
      const error = await failure(server.at());
      expect(error).to.be.instanceOf(RiceError).and.include({code: 'CONFIG_INVALID'});
      expect(error.message).to.equal('http_proxy is not the URL of a proxy');
    });
  });
});

async function startSecureServer(): Promise<HttpsServer> {
  const server = createServer({cert: CERTIFICATE, key: CERTIFICATE_KEY}, (_, response) => response.end(ARCHIVE));
  server.on('tlsClientError', () => {});
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}
