import {type ChildProcess, spawn} from 'node:child_process';
import {once} from 'node:events';
import {
  appendFileSync,
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {createInterface} from 'node:readline';
import {expect} from 'chai';
import {type BuildCacheOptions, buildPreparedCache} from '../../../src/dataset/cache/build-cache.ts';
import type {PrepareProgress} from '../../../src/dataset/cache/prepare-patches.ts';
import {openPreparedCache, type PreparedCache} from '../../../src/dataset/cache/prepared-cache.ts';
import {type HashedDataset, hashDataset} from '../../../src/dataset/hash-dataset.ts';
import {scanDataset} from '../../../src/dataset/scan.ts';
import {preparePatch} from '../../../src/image/prepare.ts';
import {drawGrain, encodeJpeg, encodePng} from '../../helpers/images.ts';
import {useTemporaryFolder, writeTree} from '../fixtures.ts';

/** Three full batches of 64, and an incomplete one. */
const IMAGES = 200;
const SIZE = {width: 60, height: 28};
const CHILD = join(import.meta.dirname, 'build-cache-child.ts');

describe('buildPreparedCache', () => {
  const cacheDir = useTemporaryFolder();
  let root = '';
  let hashed: HashedDataset;

  before(async () => {
    root = mkdtempSync(join(tmpdir(), 'rice-test-set-'));
    writeTree(root, drawDataset());
    hashed = await hashDataset(scanDataset(root));
  });

  after(() => rmSync(root, {recursive: true, force: true}));

  function build(options: Partial<BuildCacheOptions> = {}): Promise<PreparedCache> {
    const {dataset, hashes} = hashed;
    return buildPreparedCache({dataset, hashes, size: SIZE, cacheDir: cacheDir(), threads: 2, ...options});
  }

  /** A dataset of only the first files. */
  function few(count: number): Pick<BuildCacheOptions, 'dataset' | 'hashes'> {
    const {dataset, hashes} = hashed;
    return {dataset: {...dataset, files: dataset.files.slice(0, count)}, hashes: hashes.slice(0, count)};
  }

  function startChild(prefix: string[] = []): ChildProcess {
    const [command, ...args] = [...prefix, process.execPath, '--import', 'tsx', CHILD, root, cacheDir()];
    return spawn(command, args, {stdio: ['ignore', 'pipe', 'inherit']});
  }

  describe('builds a cache that', () => {
    let sharedDir = '';
    let cache: PreparedCache;
    const progress: PrepareProgress[] = [];

    before(async () => {
      sharedDir = mkdtempSync(join(tmpdir(), 'rice-test-cache-'));
      cache = await build({cacheDir: sharedDir, onProgress: (step) => progress.push(step)});
    });

    after(() => {
      cache.close();
      rmSync(sharedDir, {recursive: true, force: true});
    });

    it('contains the result of preparePatch for each file, in the order of the dataset', async () => {
      const usable = hashed.dataset.files.filter(({path}) => !path.includes('broken'));
      expect(cache.count).to.equal(IMAGES);
      expect(cache.labels).to.deep.equal(['A', 'B']);
      expect(cache.size).to.deep.equal(SIZE);
      expect(cache.digest).to.equal(hashed.digest);
      for (let i = 0; i < IMAGES; i++) {
        const file = usable[i];
        expect(cache.path(i)).to.equal(file.path);
        expect(cache.label(i)).to.equal(file.label);
        expect(cache.sha256(i)).to.equal(hashed.hashes[hashed.dataset.files.indexOf(file)].sha256);
        const {patch} = await preparePatch(readFileSync(join(root, file.path)), SIZE);
        const read = cache.readPatch(i);
        expect(Buffer.compare(read.data, patch.data)).to.equal(0);
        expect({...read, data: 0}).to.deep.equal({...patch, data: 0});
      }
    });

    it("reads a patch into the caller's buffer", () => {
      const {data, ...bounds} = cache.readPatch(5);
      const buffer = new Uint8Array(4 * 3 * SIZE.width * SIZE.height + 1).fill(7);
      expect(cache.readPatchInto(5, buffer)).to.deep.equal(bounds).and.deep.equal(cache.bounds(5));
      expect(Buffer.compare(buffer.subarray(0, data.length), data)).to.equal(0);
      expect(buffer[data.length]).to.equal(7);
    });

    it('reports its progress up to the last image', () => {
      const done = progress.map((step) => step.done);
      expect(done).to.deep.equal([64, 128, 192, 202]);
      for (const {total, imagesPerSecond} of progress) {
        expect(total).to.equal(202);
        expect(imagesPerSecond).to.be.greaterThan(0);
      }
    });

    it('skips images that cannot be prepared and reports them, also when opened again', async () => {
      const expected = [
        ['A/broken.jpg', 'IMAGE_EMPTY'],
        ['B/broken.png', 'IMAGE_UNSUPPORTED'],
      ];
      expect(cache.errors.map(({path, code}) => [path, code])).to.deep.equal(expected);
      for (const {message} of cache.errors) expect(message).to.be.a('string').and.not.equal('');
      const again = await build({cacheDir: sharedDir});
      expect(again.errors).to.deep.equal(cache.errors);
      again.close();
    });

    it('is opened without any preparation the next time', async () => {
      const again = await build({cacheDir: sharedDir, onProgress: () => expect.fail('prepared again')});
      expect(again.count).to.equal(IMAGES);
      again.close();
      const opened = openPreparedCache(cache.folder);
      expect(opened.sha256(9)).to.equal(cache.sha256(9));
      opened.close();
      expect(() => opened.readPatch(5)).to.throw('closed');
    });

    it('has the same bytes with any number of threads', async () => {
      const other = await build({threads: 3});
      other.close();
      for (const name of ['patches.bin', 'index.bin', 'index.json']) {
        const bytes = readFileSync(join(cache.folder, name));
        expect(Buffer.compare(readFileSync(join(other.folder, name)), bytes), name).to.equal(0);
      }
    });

    it('is reported as damaged if a file is missing or changed', () => {
      const damages: [name: string, damage: (folder: string) => void][] = [
        ['a missing header', (folder) => rmSync(join(folder, 'index.json'))],
        ['a truncated header', (folder) => truncateSync(join(folder, 'index.json'), 100)],
        ['a changed header', (folder) => replaceIn(join(folder, 'index.json'), '"A/', '"B/')],
        ['a changed index', (folder) => flipByte(join(folder, 'index.bin'))],
        ['a truncated index', (folder) => truncateSync(join(folder, 'index.bin'), 52)],
        ['truncated patches', (folder) => truncateSync(join(folder, 'patches.bin'), 1000)],
        ['longer patches', (folder) => appendFileSync(join(folder, 'patches.bin'), 'x')],
        ['missing patches', (folder) => rmSync(join(folder, 'patches.bin'))],
      ];
      for (const [name, damage] of damages) {
        const copy = join(cacheDir(), name);
        cpSync(cache.folder, copy, {recursive: true});
        openPreparedCache(copy).close();
        damage(copy);
        expect(() => openPreparedCache(copy), name)
          .to.throw()
          .with.property('code', 'CACHE_DAMAGED');
      }
    });
  });

  it('has a different cache for another window size or other content', async () => {
    const size = {width: 40, height: 20};
    const caches = [await build(few(3)), await build(few(4)), await build({...few(3), size})];
    expect(new Set(caches.map(({folder}) => folder)).size).to.equal(3);
    expect(readdirSync(cacheDir())).to.have.length(3);
    expect(caches[2].size).to.deep.equal(size);
    for (const cache of caches) cache.close();
  });

  it('rebuilds a damaged cache', async () => {
    const sound = await build(few(3));
    const {data} = sound.readPatch(1);
    sound.close();
    truncateSync(join(sound.folder, 'patches.bin'), 1000);
    const again = await build(few(3));
    expect(Buffer.compare(again.readPatch(1).data, data)).to.equal(0);
    again.close();
    expect(readdirSync(cacheDir())).to.have.length(1);
  });

  it('is made anew when one bit of a picture was flipped, which whoever has the old one open notices', async () => {
    const sound = await build(few(3));
    const {data} = sound.readPatch(1);
    flipByte(join(sound.folder, 'patches.bin'));
    const damage = () => [0, 1, 2].map((i) => sound.readPatch(i));
    expect(damage)
      .to.throw(/is damaged: A\/.* was changed/)
      .with.property('code', 'CACHE_DAMAGED');
    sound.close();
    const again = await build(few(3));
    expect(Buffer.compare(again.readPatch(1).data, data)).to.equal(0);
    again.close();
    expect(readdirSync(cacheDir())).to.have.length(1);
  });

  it('leaves nothing behind if stopped', async () => {
    const stop = new AbortController();
    const outcome = build({onProgress: () => stop.abort(new Error('enough')), signal: stop.signal});
    expect(await outcome.catch((error: Error) => error.message)).to.equal('enough');
    expect(readdirSync(cacheDir())).to.deep.equal([]);
  });

  it('reports that no picture can be used', async () => {
    const dataset = {...hashed.dataset, files: hashed.dataset.files.filter(({path}) => path.includes('broken'))};
    const outcome = await build({dataset, hashes: hashed.hashes.slice(0, 2)}).catch((error: Error) => error);
    expect(outcome).to.have.property('code', 'NO_IMAGES');
    expect(readdirSync(cacheDir())).to.deep.equal([]);
  });

  it('names a cache folder that cannot be created', async () => {
    writeFileSync(join(cacheDir(), 'file'), '');
    const outcome = await build({cacheDir: join(cacheDir(), 'file')}).catch((error: Error) => error);
    expect(outcome).to.be.an('error').with.property('message').that.includes(join(cacheDir(), 'file'));
    expect((outcome as {suggestions?: string[]}).suggestions?.join()).to.include('RICE_CACHE_DIR');
  });

  it('leaves nothing behind on a full disk', async function () {
    if (process.platform === 'win32') this.skip();
    // A file size limit stops the write half-way, like a full disk. 3000 blocks are 1.5 or 3 MB.
    const child = startChild(['sh', '-c', 'ulimit -f 3000; exec "$@"', 'sh']);
    const lines = await linesOf(child);
    expect(lines.at(-1)).to.match(/^failed PATH_NOT_WRITABLE cannot write .*patches\.bin: EFBIG/);
    expect(lines.some((line) => line.startsWith('progress'))).to.equal(true);
    expect(readdirSync(cacheDir())).to.deep.equal([]);
  });

  it('starts again after a kill, and removes the temporary folder', async () => {
    const child = startChild();
    for await (const line of createInterface({input: child.stdout!})) if (line.startsWith('progress')) break;
    child.kill('SIGKILL');
    await once(child, 'exit');
    const left = readdirSync(cacheDir());
    expect(left).to.have.length(1);
    expect(left[0]).to.match(/^prepared-[0-9a-f]{16}\.tmp-/);
    const cache = await build();
    expect(cache.count).to.equal(IMAGES);
    expect(readdirSync(cacheDir())).to.deep.equal([left[0].replace(/\.tmp.*/, '')]);
    cache.close();
  });

  it('supports concurrent builds in this and another process', async () => {
    const [lines, first, second] = await Promise.all([linesOf(startChild()), build(), build()]);
    expect(lines.at(-1)).to.equal(`ready ${first.folder} ${IMAGES}`);
    expect(second.folder).to.equal(first.folder);
    expect(readdirSync(cacheDir())).to.have.length(1);
    for (const cache of [first, second]) {
      expect(cache.readPatch(IMAGES - 1).data.length).to.be.greaterThan(0);
      cache.close();
    }
  });
});

/** Different grains of two sizes, and two files that are not images. */
function drawDataset(): Record<string, Uint8Array | string> {
  const tree: Record<string, Uint8Array | string> = {'A/broken.jpg': '', 'B/broken.png': 'no picture'};
  for (let i = 0; i < IMAGES; i++) {
    const frame = drawGrain({size: 64, length: i % 2 ? 48 : 32, width: 14 + (i % 7), angle: i * 11});
    if (i % 50 === 0) tree[`A/${i}.png`] = encodePng(frame);
    else tree[`${i % 2 ? 'A' : 'B'}/grain (${i}).jpg`] = encodeJpeg(frame);
  }
  return tree;
}

function replaceIn(file: string, before: string, after: string): void {
  const text = readFileSync(file, 'utf8');
  expect(text).to.include(before);
  writeFileSync(file, text.replace(before, after));
}

function flipByte(path: string): void {
  const bytes = readFileSync(path);
  bytes[60] ^= 1;
  writeFileSync(path, bytes);
}

async function linesOf(child: ChildProcess): Promise<string[]> {
  const lines: string[] = [];
  for await (const line of createInterface({input: child.stdout!})) lines.push(line);
  return lines;
}
