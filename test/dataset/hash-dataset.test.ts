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

  /** As a later run would: scans and hashes, and remembers files however young they are. */
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

  it('reads nothing the second time, with the same result', async () => {
    const first = await run();
    const second = await run();
    expect(first.read).to.equal(3);
    expect(second.read).to.equal(0);
    expect(second.hashes).to.deep.equal(first.hashes);
    expect(second.digest).to.equal(first.digest);
  });

  it('reads again what was changed, even when size and modification time stay', async () => {
    const file = join(root, 'A', '1.jpg');
    // Whole seconds: finer times cannot be set exactly.
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

  it('reads added and renamed files only', async () => {
    await run();
    writeTree(root, {'B/4.jpg': 'four'});
    renameSync(join(root, 'A', '2.jpg'), join(root, 'A', 'two.jpg'));
    rmSync(join(root, 'A', '1.jpg'));
    const {dataset, hashes, read} = await run();
    expect(read).to.equal(2);
    expect(dataset.files.map(({path}) => path)).to.deep.equal(['A/two.jpg', 'B/3.jpg', 'B/4.jpg']);
    expect(hashes[2]).to.deep.equal(hashBytes(Buffer.from('four')));
  });

  it('does not trust files changed within the last seconds before they were hashed', async () => {
    await hashDataset(scanDataset(root), {cacheDir});
    const {read} = await hashDataset(scanDataset(root), {cacheDir});
    expect(read).to.equal(3);
  });

  it('ignores a damaged, foreign or forged manifest', async () => {
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

  it('does without a cache folder that cannot be written', async () => {
    writeFileSync(cacheDir, 'a file where the folder should be');
    expect((await hashDataset(scanDataset(root), {cacheDir})).hashes).to.have.length(3);
  });

  it('leaves out and reports files that cannot be read', async () => {
    const dataset: Dataset = scanDataset(root);
    rmSync(join(root, 'A', '2.jpg'));
    const {dataset: readable, hashes, errors} = await hashDataset(dataset);
    expect(readable.files.map(({path}) => path)).to.deep.equal(['A/1.jpg', 'B/3.jpg']);
    expect(hashes[1]).to.deep.equal(hashBytes(Buffer.from('three')));
    expect(errors).to.deep.equal([{path: 'A/2.jpg', code: 'PATH_NOT_FOUND', message: 'A/2.jpg does not exist'}]);
  });

  it('reports a file that may not be read', async function () {
    if (process.platform === 'win32' || process.getuid?.() === 0) this.skip();
    chmodSync(join(root, 'A', '2.jpg'), 0);
    const {errors} = await hashDataset(scanDataset(root));
    expect(errors.map(({path, code}) => [path, code])).to.deep.equal([['A/2.jpg', 'PATH_NOT_READABLE']]);
  });

  it('stops when asked to', async () => {
    const stop = new AbortController();
    stop.abort(new Error('enough'));
    const outcome = await hashDataset(scanDataset(root), {signal: stop.signal}).catch((error: Error) => error);
    expect(outcome).to.be.an('error').with.property('message', 'enough');
  });
});
