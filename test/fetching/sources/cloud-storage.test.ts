import {createHash} from 'node:crypto';
import {gzipSync} from 'node:zlib';
import {expect} from 'chai';
import {RiceError} from '../../../src/common/errors.ts';
import type {RemoteContent} from '../../../src/fetching/download/remote-file.ts';
import {RetryableError} from '../../../src/fetching/download/retry.ts';
import type {BucketFile} from '../../../src/fetching/sources/cloud-storage/bucket-file.ts';
import type {BucketEntry} from '../../../src/fetching/sources/cloud-storage/list-bucket.ts';
import {readObject, readObjects} from '../../../src/fetching/sources/cloud-storage/read-objects.ts';
import {type BucketContent, openBucketAddress} from '../../../src/fetching/sources/cloud-storage.ts';
import {type BucketServer, type BucketServerOptions, startBucketServer} from '../../helpers/bucket-server.ts';
import {withoutProxies} from '../../helpers/environment.ts';

const ARCHIVE = Buffer.from(Array.from({length: 300_000}, (_, i) => (i * 7919) % 251));

describe('a dataset in a bucket', () => {
  withoutProxies();
  let server: BucketServer;
  let before: string | undefined;
  const never = new AbortController().signal;
  const notices: string[] = [];
  /** Retries without a wait. */
  const options = {
    signal: never,
    timeout: 0.3,
    pause: async () => {},
    onNotice: (message: string) => void notices.push(message),
  };

  async function start(settings: BucketServerOptions = {}): Promise<void> {
    server = await startBucketServer(settings);
    process.env.STORAGE_EMULATOR_HOST = server.host;
  }

  beforeEach(() => {
    before = process.env.STORAGE_EMULATOR_HOST;
    notices.length = 0;
    return start();
  });

  afterEach(async () => {
    if (before === undefined) delete process.env.STORAGE_EMULATOR_HOST;
    else process.env.STORAGE_EMULATOR_HOST = before;
    await server.close();
  });

  function put(objects: Record<string, string | Uint8Array>): void {
    for (const [name, content] of Object.entries(objects)) server.objects.set(name, {content: Buffer.from(content)});
  }

  const open = (address: string) => openBucketAddress(address, options);

  async function openArchive(address = 'gs://rice-data/a/rice.zip'): Promise<BucketFile> {
    const content = await open(address);
    if (content.kind !== 'archive') throw new Error(`${address} is taken for a folder`);
    return content.file;
  }

  async function openFolder(address: string): Promise<Extract<BucketContent, {kind: 'folder'}>> {
    const content = await open(address);
    if (content.kind !== 'folder') throw new Error(`${address} is taken for an archive`);
    return content;
  }

  async function failure(promise: Promise<unknown>): Promise<RiceError> {
    const error = await promise.then(
      () => new Error('nothing was thrown'),
      (error: unknown) => error,
    );
    if (error instanceof RiceError) return error;
    throw error;
  }

  describe('as an archive', () => {
    beforeEach(() => put({'a/rice.zip': ARCHIVE}));

    it('is recognized by its name', async () => {
      for (const name of ['x.zip', 'x.tar', 'x.tar.gz', 'x.tgz', 'x.tar.xz', 'X.ZIP', 'a b/#1?é%20.zip']) {
        put({[name]: 'archive'});
        const file = await openArchive(`gs://rice-data/${name}`);
        expect(file.name).to.equal(`gs://rice-data/${name}`);
        expect((await readAll(await file.open(0, {signal: never}))).toString()).to.equal('archive');
      }
    });

    it('is read completely, with its length, generation and MD5', async () => {
      server.objects.set('a/rice.zip', {content: ARCHIVE, generation: '1700000000000123'});
      const content = await (await openArchive()).open(0, {signal: never});
      expect(content).to.include({offset: 0, total: ARCHIVE.length, identity: '1700000000000123'});
      expect(content.digests).to.deep.equal({md5: createHash('md5').update(ARCHIVE).digest('hex')});
      expect((await readAll(content)).equals(ARCHIVE)).to.equal(true);
      expect(server.requests.at(-1)).to.include('generation=1700000000000123').and.to.include('alt=media');
    });

    it('is resumed if it has not changed', async () => {
      const content = await (await openArchive()).open(100_000, {identity: '1', signal: never});
      expect(content).to.include({offset: 100_000, total: ARCHIVE.length});
      expect((await readAll(content)).equals(ARCHIVE.subarray(100_000))).to.equal(true);
    });

    it('is read from the beginning if it has changed, or the server has no ranges', async () => {
      const file = await openArchive();
      const other = await file.open(100_000, {identity: '0', signal: never});
      expect(other).to.include({offset: 0, identity: '1'});
      expect((await readAll(other)).length).to.equal(ARCHIVE.length);
      server.fail(/alt=media/, 'whole');
      const whole = await file.open(100_000, {identity: '1', signal: never});
      expect(whole.offset).to.equal(0);
      expect((await readAll(whole)).length).to.equal(ARCHIVE.length);
    });

    it('needs no request at its end', async () => {
      const content = await (await openArchive()).open(ARCHIVE.length, {identity: '1', signal: never});
      expect(content.offset).to.equal(ARCHIVE.length);
      expect((await readAll(content)).length).to.equal(0);
    });

    it('has no MD5 if it is a composite object, and stays compressed if it is stored compressed', async () => {
      server.objects.set('a/rice.zip', {content: gzipSync(ARCHIVE), md5Hash: undefined, contentEncoding: 'gzip'});
      const content = await (await openArchive()).open(0, {signal: never});
      expect(content.digests).to.deep.equal({md5: undefined});
      expect((await readAll(content)).equals(gzipSync(ARCHIVE))).to.equal(true);
    });

    it('can be retried after a server error, with the requested wait', async () => {
      const file = await openArchive();
      for (const [fault, message, retryAfter] of [
        [{status: 429, headers: {'retry-after': '7'}}, 'answered 429', 7],
        [{status: 503}, 'answered 503', undefined],
      ] as const) {
        for (const path of [/rice\.zip(?!.*alt=media)/, /alt=media/]) {
          server.fail(path, fault);
          const error = await file.open(0, {signal: never}).catch((error) => error);
          expect(error).to.be.instanceOf(RetryableError);
          expect(error).to.include({retryAfter});
          expect(error.message).to.include(message);
        }
      }
    });

    it('can be retried after a broken or stalled connection', async () => {
      const file = await openArchive();
      for (const [fault, reason] of [
        ['cut', 'broke'],
        ['stall', 'sent nothing more for 0.3 s'],
      ] as const) {
        server.fail(/alt=media/, fault);
        const content = await file.open(0, {signal: never});
        const error = await readAll(content).catch((error) => error);
        expect(error).to.be.instanceOf(RetryableError);
        expect(error.message).to.include(reason);
      }
      server.fail(/alt=media/, 'silence');
      const error = await file.open(0, {signal: never}).catch((error) => error);
      expect(error).to.be.instanceOf(RetryableError);
      expect(error.message).to.include('within 0.3 s');
    });

    it('is not retried if that is pointless', async () => {
      const file = await openArchive();
      for (const path of [/rice\.zip(?!.*alt=media)/, /alt=media/]) {
        server.fail(path, {status: 403, message: 'me@example.com does not have storage.objects.get access'});
        expect(await failure(file.open(0, {signal: never}))).to.include({code: 'ACCESS_DENIED'});
        server.fail(path, {status: 401});
        const error = await failure(file.open(0, {signal: never}));
        expect(error).to.include({code: 'ACCESS_DENIED'});
        expect(error.message).to.include('gs://rice-data/a/rice.zip');
        expect(error.suggestions.join())
          .to.include('gcloud auth application-default login')
          .and.to.include('GOOGLE_APPLICATION_CREDENTIALS');
      }
      server.objects.delete('a/rice.zip');
      const error = await failure(file.open(0, {signal: never}));
      expect(error).to.include({code: 'DOWNLOAD_FAILED'});
      expect(error.message).to.include('gs://rice-data/a/rice.zip');
    });

    it('stops on an abort, before and during the answer', async () => {
      const file = await openArchive();
      for (const fault of ['silence', 'stall'] as const) {
        server.fail(/alt=media/, fault);
        const stopping = new AbortController();
        const reading = file.open(0, {signal: stopping.signal}).then(readAll);
        setTimeout(() => stopping.abort(new Error('enough')), 50);
        expect(await reading.catch((error) => error)).to.include({message: 'enough'});
      }
    });
  });

  describe('as a folder', () => {
    const pictures = Object.fromEntries(
      Array.from({length: 25}, (_, i) => [`data/set/${i % 2 ? 'Arborio' : 'Basmati'}/${i}.jpg`, `picture ${i}`]),
    );

    it('is listed page by page, with paths, sizes and digests, without folder objects', async () => {
      await server.close();
      await start({pageSize: 10});
      put({...pictures, 'data/set/': '', 'data/set/Arborio/': '', 'data/settings/a.jpg': 'no', 'data/set.txt': 'no'});
      for (const address of ['gs://rice-data/data/set', 'gs://rice-data/data/set/']) {
        const {entries} = await openFolder(address);
        expect(entries.map(({name}) => name)).to.deep.equal(Object.keys(pictures).sort());
        const {path, bytes, md5} = entries.find(({name}) => name === 'data/set/Arborio/11.jpg')!;
        expect(path).to.equal('Arborio/11.jpg');
        expect(bytes).to.equal(10);
        expect(md5).to.equal(createHash('md5').update('picture 11').digest('hex'));
      }
    });

    it('may be the whole bucket', async () => {
      put({'Arborio/1.jpg': 'one'});
      expect((await openFolder('gs://rice-data')).entries.map(({path}) => path)).to.deep.equal(['Arborio/1.jpg']);
    });

    it('may have the name of an archive', async () => {
      put({'rice.zip/Arborio/1.jpg': 'one'});
      expect((await openFolder('gs://rice-data/rice.zip')).entries).to.have.length(1);
    });

    it('is read with a limited number in flight', async () => {
      put(pictures);
      const {bucket, entries} = await openFolder('gs://rice-data/data/set');
      const read = new Map<string, string>();
      for await (const {entry, bytes} of readObjects(bucket, entries, {...options, concurrency: 4}))
        read.set(entry.name, Buffer.from(bytes).toString());
      expect(Object.fromEntries(read)).to.deep.equal(pictures);
      expect(server.mostAtOnce).to.be.within(2, 4);
      expect(notices).to.deep.equal([]);
    });

    it('is not read ahead of a slow consumer', async () => {
      put(pictures);
      const {bucket, entries} = await openFolder('gs://rice-data/data/set');
      const contents = () => server.requests.filter((request) => request.includes('alt=media')).length;
      let taken = 0;
      for await (const _ of readObjects(bucket, entries, {...options, concurrency: 3})) {
        taken++;
        await new Promise((resolve) => setTimeout(resolve, 5));
        expect(contents()).to.be.at.most(taken + 3);
      }
      expect(taken).to.equal(25);
    });

    it('stops reads in flight on a failure or an abort', async () => {
      put(pictures);
      const {bucket, entries} = await openFolder('gs://rice-data/data/set');
      server.fail(/12\.jpg.*alt=media/, {status: 403});
      const failing = (async () => {
        for await (const _ of readObjects(bucket, entries, options));
      })();
      expect(await failure(failing)).to.include({code: 'ACCESS_DENIED'});
      const stopping = new AbortController();
      const reading = (async () => {
        for await (const _ of readObjects(bucket, entries, {...options, signal: stopping.signal}))
          stopping.abort(new Error('enough'));
      })();
      expect(await reading.catch((error) => error)).to.include({message: 'enough'});
    });

    it('stops reads in flight if the consumer leaves the loop', async () => {
      put(pictures);
      const content = await openBucketAddress('gs://rice-data/data/set', {...options, timeout: 60});
      if (content.kind !== 'folder') throw new Error('an archive');
      server.fail(/alt=media/, 'stall');
      for await (const _ of readObjects(content.bucket, content.entries, {...options, concurrency: 3})) break;
      while (server.atOnce > 0) await new Promise((resolve) => setTimeout(resolve, 5));
      expect(server.requests.filter((request) => request.includes('alt=media')).length).to.be.at.most(4);
    });

    async function one(content: string | Uint8Array, changes: object = {}): Promise<() => Promise<string>> {
      server.objects.set('set/A/1.jpg', {content: Buffer.from(content), ...changes});
      const {bucket, entries} = await openFolder('gs://rice-data/set');
      return async () => Buffer.from(await readObject(bucket, entries[0], options)).toString();
    }

    it('is read with retries after errors of the server and the network', async () => {
      const read = await one('picture');
      server.fail(/alt=media/, {status: 429}, 'cut', {status: 503}, 'stall', 'silence');
      expect(await read()).to.equal('picture');
      expect(notices).to.have.length(5);
    });

    it('is listed with retries after server errors, up to six tries', async () => {
      put(pictures);
      server.fail(/\/o\?prefix/, {status: 429}, {status: 500});
      expect((await openFolder('gs://rice-data/data/set')).entries).to.have.length(25);
      expect(notices).to.have.length(2);
      server.fail(/\/o\?prefix/, ...Array.from({length: 6}, () => ({status: 503})));
      const error = await failure(open('gs://rice-data/data/set'));
      expect(error).to.include({code: 'DOWNLOAD_FAILED'});
      expect(error.message).to.include('gs://rice-data/data/set').and.to.include('503').and.to.include('6 times');
    });

    it('rejects a picture that does not match the metadata', async () => {
      const md5Hash = createHash('md5').update('another').digest('base64');
      const error = await failure((await one('picture', {md5Hash}))());
      expect(error).to.include({code: 'DOWNLOAD_FAILED'});
      expect(error.message).to.include('gs://rice-data/set/A/1.jpg').and.to.include('damaged');
    });

    it('verifies composite objects with their CRC32C', async () => {
      // RFC 3720, B.4: 32 bytes of zeros.
      const crc32c = Buffer.from([0x8a, 0x91, 0x36, 0xaa]).toString('base64');
      expect(await (await one(Buffer.alloc(32), {md5Hash: undefined, crc32c}))()).to.have.length(32);
      const error = await failure((await one(Buffer.alloc(31), {md5Hash: undefined, crc32c}))());
      expect(error.message).to.include('damaged');
    });

    it('decompresses compressed objects, and rejects wrong metadata', async () => {
      const contentEncoding = 'gzip';
      expect(await (await one(gzipSync('picture'), {contentEncoding}))()).to.equal('picture');
      expect(await failure((await one('picture', {contentEncoding}))())).to.include({code: 'DOWNLOAD_FAILED'});
    });

    it('accepts an empty object, and rejects one of a gigabyte', async () => {
      expect(await (await one(''))()).to.equal('');
      const {bucket, entries} = await openFolder('gs://rice-data/set');
      const huge: BucketEntry = {...entries[0], bytes: 1e9};
      const reading = (async () => readObject(bucket, huge, options))();
      expect(await failure(reading)).to.include({code: 'ARCHIVE_TOO_LARGE'});
    });

    it('reports an object that was replaced in the meantime', async () => {
      const read = await one('picture');
      server.objects.set('set/A/1.jpg', {content: Buffer.from('another'), generation: '2'});
      const error = await failure(read());
      expect(error).to.include({code: 'DOWNLOAD_FAILED'});
      expect(error.message).to.include('gs://rice-data/set/A/1.jpg');
    });

    it('rejects names that are not plain paths', async () => {
      for (const name of ['set/../../evil.jpg', 'set//x.jpg', 'set/./x.jpg', 'set/a\\b.jpg', 'set/a\u0000.jpg']) {
        server.objects.clear();
        put({[name]: 'x'});
        expect(await failure(open('gs://rice-data/set')), name).to.include({code: 'ARCHIVE_UNSAFE'});
      }
    });
  });

  describe('that does not exist', () => {
    beforeEach(() => put({'data/Rice.zip': 'x', 'data/set/A/1.jpg': 'x', 'data/notes.txt': 'x', 'docs/a/b.txt': 'x'}));

    it('is reported with existing addresses', async () => {
      const error = await failure(open('gs://rice-data/data/rice'));
      expect(error).to.include({code: 'DOWNLOAD_FAILED'});
      expect(error.message).to.include('gs://rice-data/data/rice');
      expect(error.suggestions.join())
        .to.include('gs://rice-data/data/set/')
        .and.to.include('gs://rice-data/data/Rice.zip');
      expect((await failure(open('gs://rice-data/x.zip'))).suggestions.join()).to.include('gs://rice-data/docs/');
    });

    it('is reported for an empty and a missing bucket', async () => {
      server.objects.clear();
      expect((await failure(open('gs://rice-data'))).message).to.include('empty');
      const error = await failure(open('gs://other-data/set'));
      expect(error).to.include({code: 'DOWNLOAD_FAILED'});
      expect(error.message).to.include('gs://other-data');
    });

    it('names the archive or the files if there are no pictures', async () => {
      server.objects.delete('data/set/A/1.jpg');
      const error = await failure(open('gs://rice-data/data'));
      expect(error).to.include({code: 'DOWNLOAD_FAILED'});
      expect(error.message).to.include('notes.txt');
      expect(error.suggestions.join()).to.include('gs://rice-data/data/Rice.zip');
      expect((await failure(open('gs://rice-data/docs'))).message).to.include('a/b.txt');
    });

    it('reports an object that is not an archive', async () => {
      expect(await failure(open('gs://rice-data/data/notes.txt'))).to.include({code: 'ARCHIVE_UNSUPPORTED'});
    });

    it('is reported if listing is not allowed', async () => {
      server.fail(/\/o\?prefix/, {status: 403, message: 'me@example.com does not have storage.objects.list access'});
      const error = await failure(open('gs://rice-data/data'));
      expect(error).to.include({code: 'ACCESS_DENIED'});
      expect(error.message).to.include('gs://rice-data').and.to.include('storage.objects.list');
    });
  });

  describe('in an emulator', () => {
    it("is found with and without a scheme, at the root and at Google's path", async () => {
      for (const root of ['', '/storage/v1']) {
        await server.close();
        await start({root});
        put({'A/1.jpg': 'one'});
        for (const host of [server.host, server.host.replace('http://', ''), `${server.host}/`, server.host + root]) {
          process.env.STORAGE_EMULATOR_HOST = host;
          const {bucket, entries} = await openFolder('gs://rice-data');
          expect(Buffer.from(await readObject(bucket, entries[0], options)).toString(), host).to.equal('one');
        }
      }
    });

    it('reports the emulator if it does not answer, or if its address is invalid', async () => {
      await server.close();
      const error = await failure(open('gs://rice-data/data'));
      expect(error).to.include({code: 'DOWNLOAD_FAILED'});
      expect(error.message).to.include('refused the connection');
      process.env.STORAGE_EMULATOR_HOST = 'http://a b';
      expect(await failure(open('gs://rice-data/data'))).to.include({code: 'CONFIG_INVALID'});
      await start();
    });
  });
});

async function readAll({body}: RemoteContent): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks);
}
