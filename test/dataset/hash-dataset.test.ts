import {chmodSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect} from 'chai';
import type {Dataset} from '../../src/dataset/dataset.ts';
import {hashBytes} from '../../src/dataset/digest.ts';
import {type HashedDataset, hashDataset} from '../../src/dataset/hash-dataset.ts';
import {manifestPath, writeManifest} from '../../src/dataset/manifest.ts';
import {scanDataset} from '../../src/dataset/scan.ts';
import {useTemporaryFolder, writeTree} from './fixtures.ts';

describe('hashDataset', () => {
  const temporary = useTemporaryFolder();
  let root = '';
  let cacheDir = '';

  beforeEach(() => {
    root = join(temporary(), 'set');
    cacheDir = join(temporary(), 'cache');
    writeTree(root, {'A/1.jpg': 'one', 'A/2.jpg': 'two', 'B/3.jpg': 'three'});
  });

  /** Scans and hashes like a later run, which caches even recently changed files. */
  async function run(): Promise<HashedDataset> {
    const result = await hashDataset(scanDataset(root), {cacheDir});
    writeManifest(cacheDir, result.dataset, result.hashes, Date.now() + 60_000);
    return result;
  }

  it('hashes each file and reports progress', async () => {
    const seen: number[] = [];
    const {hashes, errors, read} = await hashDataset(scanDataset(root), {onProgress: ({done}) => seen.push(done)});
    expect(hashes).to.deep.equal(['one', 'two', 'three'].map((text) => hashBytes(Buffer.from(text))));
    expect(errors).to.deep.equal([]);
    expect(read).to.equal(3);
    expect(seen).to.deep.equal([3]);
  });

  it('reads no file the second time, with the same result', async () => {
    const first = await run();
    const second = await run();
    expect(first.read).to.equal(3);
    expect(second.read).to.equal(0);
    expect(second.hashes).to.deep.equal(first.hashes);
    expect(second.digest).to.equal(first.digest);
  });

  it('reads changed files again, even with the same size and modification time', async () => {
    const file = join(root, 'A', '1.jpg');
    // Whole seconds, because finer times cannot be set exactly.
    utimesSync(file, 1_600_000_000, 1_600_000_000);
    await run();
    const {mtimeMs} = statSync(file);
    await new Promise((resolve) => setTimeout(resolve, 20));
    writeFileSync(file, 'ONE');
    utimesSync(file, 1_600_000_000, 1_600_000_000);
    expect(statSync(file).mtimeMs).to.equal(mtimeMs);
    const {hashes, read} = await run();
    expect(read).to.equal(1);
    expect(hashes[0]).to.deep.equal(hashBytes(Buffer.from('ONE')));
  });

  it('reads only added and renamed files', async () => {
    await run();
    writeTree(root, {'B/4.jpg': 'four'});
    renameSync(join(root, 'A', '2.jpg'), join(root, 'A', 'two.jpg'));
    rmSync(join(root, 'A', '1.jpg'));
    const {dataset, hashes, read} = await run();
    expect(read).to.equal(2);
    expect(dataset.files.map(({path}) => path)).to.deep.equal(['A/two.jpg', 'B/3.jpg', 'B/4.jpg']);
    expect(hashes[2]).to.deep.equal(hashBytes(Buffer.from('four')));
  });

  it('does not cache files that changed just before they were hashed', async () => {
    await hashDataset(scanDataset(root), {cacheDir});
    const {read} = await hashDataset(scanDataset(root), {cacheDir});
    expect(read).to.equal(3);
  });

  it('ignores a manifest that is damaged, forged or of another dataset', async () => {
    const {digest} = await run();
    const path = manifestPath(cacheDir, root);
    const sound = readFileSync(path, 'utf8');
    const forged = sound.replaceAll(/"[0-9a-f]{64}"/g, '"../../etc/passwd"');
    for (const text of [
      '',
      sound.slice(0, -20),
      '[]',
      '{"version":1}',
      'null',
      sound.replace(root, '/other'),
      forged,
    ]) {
      writeFileSync(path, text);
      const again = await hashDataset(scanDataset(root), {cacheDir});
      expect(again.read, text).to.equal(3);
      expect(again.digest).to.equal(digest);
    }
  });

  it('works without a writable cache folder', async () => {
    writeFileSync(cacheDir, 'a file where the folder should be');
    expect((await hashDataset(scanDataset(root), {cacheDir})).hashes).to.have.length(3);
  });

  it('skips and reports files that cannot be read', async () => {
    const dataset: Dataset = scanDataset(root);
    rmSync(join(root, 'A', '2.jpg'));
    const {dataset: readable, hashes, errors} = await hashDataset(dataset);
    expect(readable.files.map(({path}) => path)).to.deep.equal(['A/1.jpg', 'B/3.jpg']);
    expect(hashes[1]).to.deep.equal(hashBytes(Buffer.from('three')));
    expect(errors).to.deep.equal([{path: 'A/2.jpg', code: 'PATH_NOT_FOUND', message: 'A/2.jpg does not exist'}]);
  });

  it('reports a file without read permission', async function () {
    if (process.platform === 'win32' || process.getuid?.() === 0) this.skip();
    chmodSync(join(root, 'A', '2.jpg'), 0);
    const {errors} = await hashDataset(scanDataset(root));
    expect(errors.map(({path, code}) => [path, code])).to.deep.equal([['A/2.jpg', 'PATH_NOT_READABLE']]);
  });

  it('stops on an abort', async () => {
    const stop = new AbortController();
    stop.abort(new Error('enough'));
    const outcome = await hashDataset(scanDataset(root), {signal: stop.signal}).catch((error: Error) => error);
    expect(outcome).to.be.an('error').with.property('message', 'enough');
  });
});
