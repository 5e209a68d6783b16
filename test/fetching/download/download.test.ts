import {type ChildProcess, spawn, spawnSync} from 'node:child_process';
import {once} from 'node:events';
import {chmodSync, existsSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {createInterface} from 'node:readline';
import {expect} from 'chai';
import type {RiceError} from '../../../src/common/errors.ts';
import {hashBytes} from '../../../src/dataset/digest.ts';
import {
  type Download,
  type DownloadOptions,
  type DownloadProgress,
  downloadFile,
} from '../../../src/fetching/download/download.ts';
import {HttpFile} from '../../../src/fetching/download/http-file.ts';
import {useTemporaryFolder} from '../../dataset/fixtures.ts';
import {type ArchiveServer, type Faults, startArchiveServer} from '../../helpers/archive-server.ts';
import {withoutProxies} from '../../helpers/environment.ts';

const ARCHIVE = Buffer.from(Array.from({length: 400_000}, (_, i) => (i * i) % 251));
const CHILD = join(import.meta.dirname, 'download-child.ts');

describe('a download', () => {
  withoutProxies();
  const cacheDir = useTemporaryFolder();
  let server: ArchiveServer;
  let notices: string[];
  let waits: number[];
  beforeEach(async () => {
    server = await startArchiveServer(ARCHIVE);
    [notices, waits] = [[], []];
  });
  afterEach(() => server.close());

  function download(faults: Faults = {}, options: Partial<DownloadOptions> = {}): Promise<Download> {
    return downloadFile(new HttpFile(server.at(faults), {timeout: 0.3}), {
      key: 'rice',
      cacheDir: cacheDir(),
      onNotice: (message) => notices.push(message),
      pause: async (seconds) => void waits.push(seconds),
      ...options,
    });
  }

  async function failure(faults: Faults = {}, options: Partial<DownloadOptions> = {}): Promise<RiceError> {
    const error = await download(faults, options).catch((thrown) => thrown);
    expect(error).to.be.instanceOf(Error);
    return error;
  }

  /** Checks a download, and that it is unlocked afterwards. */
  function expectWhole({path, bytes, digests, keep}: Download, expected: Uint8Array = ARCHIVE): void {
    expect(readFileSync(path).equals(expected)).to.equal(true);
    expect({bytes, digests}).to.deep.equal({bytes: expected.length, digests: hashBytes(expected)});
    keep();
    expect(readdirSync(join(cacheDir(), 'downloads')).filter((name) => name.endsWith('.lock'))).to.deep.equal([]);
  }

  const folder = () => {
    const downloads = join(cacheDir(), 'downloads');
    return join(downloads, readdirSync(downloads).find((name) => !name.endsWith('.lock'))!);
  };
  const ranges = () => server.requests.map(({headers}) => headers.range);

  /** A download that is aborted after about the given number of bytes. */
  async function stopAfter(bytes: number, faults: Faults): Promise<unknown> {
    const stop = new AbortController();
    const reason = new Error('enough');
    const onProgress = ({done}: DownloadProgress) => done >= bytes && stop.abort(reason);
    const error = await failure(faults, {signal: stop.signal, onProgress});
    expect(error).to.equal(reason);
    return error;
  }

  it('writes the file into the cache, and reports its progress', async () => {
    const progress: DownloadProgress[] = [];
    const got = await download({}, {onProgress: (step) => progress.push(step)});
    expect(got.path.startsWith(join(cacheDir(), 'downloads'))).to.equal(true);
    expect(progress[0]).to.deep.equal({done: 0, total: 400_000});
    expect(progress.at(-1)).to.deep.equal({done: 400_000, total: 400_000});
    expectWhole(got);
    expect(notices).to.deep.equal([]);
  });

  it('is found in the cache the next time, without the network', async () => {
    expectWhole(await download());
    await server.close();
    const progress: DownloadProgress[] = [];
    const again = await download({}, {onProgress: (step) => progress.push(step)});
    expect(progress).to.deep.equal([{done: 400_000, total: 400_000}]);
    expectWhole(again);
  });

  it('is repeated if the file in the cache was changed', async () => {
    const {path, keep} = await download();
    keep();
    writeFileSync(path, ARCHIVE.toReversed());
    expectWhole(await download());
    expect(server.requests).to.have.length(2);
  });

  it('is different for another key', async () => {
    const [first, second] = [await download(), await download({}, {key: 'other rice'})];
    expect(first.path).to.not.equal(second.path);
    first.keep();
    expectWhole(second);
  });

  it('leaves nothing after remove, which works only once', async () => {
    const {remove} = await download();
    remove();
    expect(readdirSync(join(cacheDir(), 'downloads'))).to.deep.equal([]);
    const {keep, path} = await download();
    remove();
    expect(existsSync(path)).to.equal(true);
    keep();
  });

  it('works without a stated length', async () => {
    expectWhole(await download({length: 'none', hash: 'none'}));
    expectWhole(await download());
    expect(server.requests).to.have.length(1);
  });

  describe('with faults', () => {
    it('continues after a temporary error', async () => {
      expectWhole(await download({status: 503, times: 2}));
      expect(notices[1]).to.match(/^127\.0\.0\.1:\d+ answered 503; retrying in \d s \(2 of 5\)$/);
    });

    it('waits as long as the server requests', async () => {
      expectWhole(await download({status: 429, times: 1, after: '100'}));
      expect(waits).to.deep.equal([100]);
    });

    it('requests only the missing bytes after a broken connection, however often it breaks', async () => {
      expectWhole(await download({cut: 50_000}, {retries: 1}));
      expect(ranges()).to.deep.equal([undefined, ...Array.from({length: 7}, (_, i) => `bytes=${(i + 1) * 50_000}-`)]);
      expect(notices.every((notice) => notice.includes('broke; retrying in'))).to.equal(true);
    });

    it('continues after a stalled answer, and after one that ends too early', async () => {
      expectWhole(await download({stall: 100_000, times: 1}));
      expect(ranges()).to.deep.equal([undefined, 'bytes=100000-']);
      expect(notices[0]).to.match(/sent nothing more for 0\.3 s; retrying/);
    });

    it('gives up if a server without ranges always breaks off at the same byte', async () => {
      const error = await failure({ranges: 'none', cut: 50_000}, {retries: 2});
      expect(error.code).to.equal('DOWNLOAD_FAILED');
      expect(error.message).to.match(/^cannot fetch http:\S+zip: the connection to \S+ broke \(tried 3 times\)$/);
      // The first failure came after progress, so it does not count.
      expect(server.requests).to.have.length(3);
    });

    it('gives up if the server never answers successfully', async () => {
      const error = await failure({status: 503}, {retries: 1});
      expect(error.message).to.match(/answered 503 \(tried 2 times\)$/);
    });

    it('gives up at once if a retry is pointless', async () => {
      expect((await failure({status: 404})).code).to.equal('DOWNLOAD_FAILED');
      expect((await failure({page: 'Log in'})).code).to.equal('ARCHIVE_UNSUPPORTED');
      expect(server.requests).to.have.length(2);
    });

    it('starts again if the file is replaced in between', async () => {
      await stopAfter(100_000, {slow: 20});
      server.archive = ARCHIVE.toReversed();
      expectWhole(await download({slow: 0}), server.archive);
      expect(ranges()[1]).to.match(/^bytes=\d+-$/);
    });

    it('starts again each time if the file changes with each answer', async () => {
      expect((await failure({tag: 'changing', cut: 50_000})).message).to.include('tried 6 times');
    });

    it('starts again if the same file suddenly has another length', async () => {
      await stopAfter(100_000, {slow: 20});
      const path = join(folder(), 'state.json');
      const state = JSON.parse(readFileSync(path, 'utf8'));
      writeFileSync(path, JSON.stringify({...state, total: 500_000}));
      expectWhole(await download());
      expect(
        ranges()
          .slice(1)
          .map((range) => range === undefined),
      ).to.deep.equal([false, true]);
    });
  });

  describe('of a damaged file', () => {
    const wrong = hashBytes(new Uint8Array()).md5;

    it('is repeated once', async () => {
      expectWhole(await download({hash: 'wrong', times: 1}));
      expect(server.requests).to.have.length(2);
      expect(notices).to.deep.equal([
        `its MD5 is ${hashBytes(ARCHIVE).md5}, but the server stated ${wrong}; downloading it again`,
      ]);
    });

    it('is rejected the second time, with both digests, and leaves none of its bytes', async () => {
      const error = await failure({hash: 'wrong'});
      expect(error.code).to.equal('ARCHIVE_DAMAGED');
      expect(error.message).to.include(hashBytes(ARCHIVE).md5).and.include(wrong);
      expect(server.requests).to.have.length(2);
      expect(readdirSync(join(cacheDir(), 'downloads'))).to.deep.equal([]);
    });

    it('is rejected if it is truncated and the server states the shorter length', async () => {
      expect((await failure({length: -1000})).code).to.equal('ARCHIVE_DAMAGED');
    });

    it('is rejected if it does not match the digest of the redirect', async () => {
      const other = await startArchiveServer(ARCHIVE.toReversed());
      const error = await failure({to: other.at({hash: 'none'}), linked: true});
      await other.close();
      expect(error.code).to.equal('ARCHIVE_DAMAGED');
      expect(error.message).to.include(hashBytes(ARCHIVE).sha256).and.include(hashBytes(ARCHIVE.toReversed()).sha256);
    });

    it('is rejected if it does not end, and leaves nothing', async () => {
      const error = await failure({endless: true, tag: 'none', modified: 'none', hash: 'none'}, {largest: 2_000_000});
      expect(error.code).to.equal('ARCHIVE_TOO_LARGE');
      expect(readdirSync(join(cacheDir(), 'downloads'))).to.deep.equal([]);
      expect((await failure({}, {largest: 100_000})).code).to.equal('ARCHIVE_TOO_LARGE');
    });

    it('is rejected if it is longer than stated', async () => {
      const other = await startArchiveServer(ARCHIVE);
      const error = await failure({to: other.at({endless: true}), linked: true});
      await other.close();
      expect(error.code).to.equal('ARCHIVE_DAMAGED');
      expect(error.message).to.match(/the server stated 400000 bytes, but sent more$/);
    });
  });

  describe('that was interrupted', () => {
    it('by its signal, is resumed', async () => {
      await stopAfter(100_000, {slow: 20});
      const {size} = statSync(join(folder(), 'archive.part'));
      expect(size).to.be.within(100_000, 399_999);
      const progress: DownloadProgress[] = [];
      expectWhole(await download({}, {onProgress: (step) => progress.push(step)}));
      expect(ranges()).to.deep.equal([undefined, `bytes=${size}-`]);
      expect(progress[0]).to.deep.equal({done: size, total: 400_000});
    });

    it('by its signal while it waits for a retry', async () => {
      const stop = new AbortController();
      const reason = new Error('enough');
      const onNotice = () => stop.abort(reason);
      const options = {signal: stop.signal, onNotice, pause: undefined};
      expect(await failure({status: 503, after: '100'}, options)).to.equal(reason);
    });

    it('after its last byte and before the rename, needs no server', async () => {
      const {path, keep} = await download();
      keep();
      const part = `${path}.part`;
      writeFileSync(part, readFileSync(path));
      writeFileSync(path, '');
      await server.close();
      expectWhole(await download());
      expect(existsSync(part)).to.equal(false);
    });

    it('with too many bytes, starts again', async () => {
      await stopAfter(100_000, {slow: 20});
      writeFileSync(join(folder(), 'archive.part'), Buffer.alloc(400_001));
      expectWhole(await download());
    });

    it('by a kill, is resumed despite its lock', async () => {
      const child = startChild({slow: 60});
      for await (const line of createInterface({input: child.stdout!})) {
        const [word, done] = line.split(' ');
        if (word === 'progress' && Number(done) >= 100_000) child.kill('SIGKILL');
      }
      expect((await once(child, 'exit'))[1]).to.equal('SIGKILL');
      expect(readdirSync(join(cacheDir(), 'downloads')).some((name) => name.endsWith('.lock'))).to.equal(true);
      const {size} = statSync(join(folder(), 'archive.part'));
      expect(size).to.be.within(100_000, 399_999);
      expectWhole(await download({}, {key: 'child'}));
      expect(ranges()).to.deep.equal([undefined, `bytes=${size}-`]);
    });
  });

  describe('that runs twice at once', () => {
    it('in two processes, downloads once: the other waits and finds it', async () => {
      const lines = await Promise.all([1, 2].map(async () => readLines(startChild({slow: 40}))));
      const ready = `ready 400000 ${hashBytes(ARCHIVE).sha256}`;
      expect(lines.map((own) => own.at(-1))).to.deep.equal([ready, ready]);
      expect(server.requests).to.have.length(1);
      // On a busy machine the second one may start after the first one has ended.
      for (const notice of lines.flat().filter((line) => line.startsWith('notice')))
        expect(notice).to.match(/^notice waiting for process \d+, which is also downloading http:\S+zip \(if/);
    });

    it('in one process, is repeated if the first is removed', async () => {
      const first = await download();
      const second = download();
      await new Promise((resolve) => setTimeout(resolve, 100));
      expect(notices[0]).to.include('waiting for process');
      first.remove();
      expectWhole(await second);
      expect(server.requests).to.have.length(2);
      expect(server.peak).to.equal(1);
    });

    it('is not waited for after an abort', async () => {
      const {keep} = await download();
      const stop = new AbortController();
      const reason = new Error('enough');
      expect(await failure({}, {signal: stop.signal, onNotice: () => stop.abort(reason)})).to.equal(reason);
      keep();
    });
  });

  describe('without space or permission', () => {
    it('reports the needed space before it begins', async () => {
      const error = await failure({length: 9_000_000_000_000_000});
      expect(error.code).to.equal('DISK_FULL');
      expect(error.message).to.match(
        /^the download needs 9,000,000,001 MB on the disk of \S+, where [\d,]+ MB are free/,
      );
    });

    it('reports that the disk became full in the middle', async function () {
      // A small separate disk, which is unmounted with the process.
      const mount = `mount -t tmpfs -o size=256k none ${cacheDir()}`;
      const unshare = ['--mount', '--map-root-user', 'sh', '-c'];
      if (spawnSync('unshare', [...unshare, mount]).status !== 0) this.skip();
      const command = `${mount} && exec "$@"`;
      const faults: Faults = {length: 'none', hash: 'none'};
      const lines = await readLines(startChild(faults, ['unshare', ...unshare, command, 'sh']));
      expect(lines.at(-1)).to.match(/^failed DISK_FULL no space left on the disk to write \S+archive\.part$/);
    });

    it('reports that the folder cannot be created', async () => {
      writeFileSync(join(cacheDir(), 'file'), '');
      const error = await failure({}, {cacheDir: join(cacheDir(), 'file')});
      expect(error.code).to.equal('PATH_NOT_FOUND');
      expect(server.requests).to.deep.equal([]);
    });

    it('reports missing permission', async function () {
      if (process.platform === 'win32' || process.getuid?.() === 0) this.skip();
      chmodSync(cacheDir(), 0o500);
      const error = await failure();
      chmodSync(cacheDir(), 0o700);
      expect(error.code).to.equal('PATH_NOT_WRITABLE');
      expect(error.message).to.include(cacheDir());
    });

    it('does not follow a link at its path', async () => {
      await stopAfter(100_000, {slow: 20});
      const precious = join(cacheDir(), 'precious');
      writeFileSync(precious, 'mine');
      const {path, remove} = await download();
      remove();
      await stopAfter(100_000, {slow: 20});
      symlinkSync(precious, path);
      expectWhole(await download());
      expect(readFileSync(precious, 'utf8')).to.equal('mine');
    });
  });

  function startChild(faults: Faults, prefix: string[] = []): ChildProcess {
    const [command, ...args] = [...prefix, process.execPath, '--import', 'tsx', CHILD, server.at(faults), cacheDir()];
    return spawn(command, args, {stdio: ['ignore', 'pipe', 'inherit']});
  }

  async function readLines(child: ChildProcess): Promise<string[]> {
    const lines: string[] = [];
    for await (const line of createInterface({input: child.stdout!})) lines.push(line);
    return lines;
  }
});
