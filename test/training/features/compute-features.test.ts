import {appendFileSync, cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {expect} from 'chai';
import {InferenceSession, Tensor} from 'onnxruntime-node';
import {buildPreparedCache} from '../../../src/dataset/cache/build-cache.ts';
import {hashDataset} from '../../../src/dataset/hash-dataset.ts';
import {scanDataset} from '../../../src/dataset/scan.ts';
import {windowFromPatch} from '../../../src/image/window/window.ts';
import {FEATURE_GRAPH_FILE, type Manifest, readManifest} from '../../../src/training/artifact/manifest.ts';
import {openImages} from '../../../src/training/artifact/open-images.ts';
import {writeArtifact} from '../../../src/training/artifact/write-artifact.ts';
import {augmentInto} from '../../../src/training/batches/augmentation.ts';
import {DEFAULT_CONFIGURATION, type TrainingConfiguration} from '../../../src/training/configuration.ts';
import {computeFeatures} from '../../../src/training/features/compute-features.ts';
import {FeatureBatches} from '../../../src/training/features/feature-batches.ts';
import {FEATURES_FILE, FeatureFile} from '../../../src/training/features/feature-file.ts';
import {NETWORKS} from '../../../src/training/networks/index.ts';
import {Random} from '../../../src/training/random.ts';
import {writeTree} from '../../dataset/fixtures.ts';
import {relativeError} from '../../helpers/run-graph.ts';
import {grainDataset} from '../grain-dataset.ts';
import {namedWeights} from '../initial/named-weights.ts';

const INPUT = {width: 40, height: 32};
const LENGTH = 1024;
const CONFIGURATION: TrainingConfiguration = {
  ...DEFAULT_CONFIGURATION,
  network: 'mobilenetv3_small',
  freeze: 'backbone',
  augmentation: {...DEFAULT_CONFIGURATION.augmentation, warped: 1},
  input: INPUT,
  device: 'cpu',
  threads: 1,
};

describe('training: features that are computed once', () => {
  let folder = '';
  let manifest: Manifest;
  let pictures: number[];

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'rice-test-'));
    writeTree(at('data'), grainDataset());
    const cacheDir = at('cache');
    const signal = new AbortController().signal;
    const common = {cacheDir, signal, onProgress: () => {}};
    const {dataset, hashes} = await hashDataset(scanDataset(at('data')), common);
    const images = await buildPreparedCache({dataset, hashes, size: INPUT, wholeFrame: false, ...common});
    const split = {seed: 0, fractions: {train: 0.8, validation: 0.1, test: 0.1}};
    const learnt = {tensors: namedWeights(NETWORKS.mobilenetv3_small, 10)};
    await writeArtifact(at('artifact'), CONFIGURATION, images, {split}, learnt);
    // Not in the order of the cache, and not a multiple of the pictures that are computed at once.
    pictures = Array.from({length: images.count - 20}, (_, i) => images.count - 1 - i);
    images.close();
    manifest = readManifest(at('artifact'));
  });

  after(() => rmSync(folder, {recursive: true, force: true}));

  const at = (...names: string[]) => join(folder, ...names);

  function compute(artifact: string, stopping: (done: number) => boolean = () => false, progress: number[] = []) {
    const onProgress = (done: number) => progress.push(done);
    return computeFeatures({artifact, manifest, pictures, onProgress, stopping: () => stopping(progress.length)});
  }

  it('are those of each picture as it is, and of one as another camera would show it', async () => {
    const progress: number[] = [];
    expect(await compute(at('artifact'), undefined, progress)).to.equal(true);
    expect(progress).to.deep.equal([0, 32, 64, 96, 100]);
    const file = FeatureFile.open(at('artifact'), LENGTH, pictures);
    const session = await InferenceSession.create(at('artifact', FEATURE_GRAPH_FILE));
    const cache = openImages(at('artifact'));
    for (const index of [pictures[0], pictures[50], pictures[99]]) {
      const windows = [windowFromPatch(cache.readPatch(index), INPUT), new Uint8Array(INPUT.width * INPUT.height * 3)];
      const changes = {...manifest.augmentation, untouched: 0, outliers: 0};
      augmentInto(cache.readPatch(index), INPUT, changes, new Random(manifest.seed, 'view', index), windows[1], 0);
      for (const [view, window] of windows.entries()) {
        const image = new Tensor('uint8', window, [1, INPUT.height, INPUT.width, 3]);
        const {features} = await session.run({image});
        expect(relativeError(file.row(index, view), features.data as Float32Array)).to.be.below(1e-4);
      }
      expect(relativeError(file.row(index, 0), file.row(index, 1))).to.be.above(1e-3);
    }
    cache.close();
    await session.release();
  });

  it('are the same to the last bit after an interruption, also in the middle of a write', async () => {
    cpSync(at('artifact'), at('stopped'), {recursive: true});
    rmSync(at('stopped', FEATURES_FILE));
    expect(await compute(at('stopped'), (asked) => asked >= 2)).to.equal(false);
    expect(existsSync(at('stopped', FEATURES_FILE))).to.equal(false);
    const partial = at('stopped', `${FEATURES_FILE}.partial`);
    const complete = readFileSync(at('artifact', FEATURES_FILE));
    const done = readFileSync(partial);
    expect(done.length).to.equal(64 * 2 * LENGTH * 4);
    // What a kill may leave of the next batch: seven pictures and a half, of which the half is rubbish.
    writeFileSync(partial, complete.subarray(0, done.length + 7 * 2 * LENGTH * 4));
    appendFileSync(partial, Buffer.alloc(1001, 7));
    const progress: number[] = [];
    expect(await compute(at('stopped'), undefined, progress)).to.equal(true);
    expect(progress).to.deep.equal([64, 96, 100]);
    expect(readFileSync(at('stopped', FEATURES_FILE)).equals(complete)).to.equal(true);
    expect(await compute(at('stopped'), () => true)).to.equal(true);
  });

  describe('in batches', () => {
    const batches = (untouched: number, noiseLengths: number[] = [], finallyUntouched = untouched) =>
      new FeatureBatches({
        features: FeatureFile.open(at('artifact'), LENGTH, pictures),
        length: LENGTH,
        cache: openImages(at('artifact')),
        seed: 5,
        batchSize: 8,
        epochs: 4,
        augmentation: {...CONFIGURATION.augmentation, untouched, finallyUntouched},
        train: Uint32Array.from(pictures.slice(0, 90)),
        validation: Uint32Array.from(pictures.slice(90)),
        noiseLengths,
      });

    /** The picture and the view of each row of a batch. */
    function rowsOf(input: Uint8Array | Float32Array, count: number): {index: number; view: number}[] {
      const file = FeatureFile.open(at('artifact'), LENGTH, pictures);
      return Array.from({length: count}, (_, i) => {
        const row = Buffer.from(Float32Array.from(input.subarray(i * LENGTH, (i + 1) * LENGTH)).buffer);
        const same = (index: number, view: number) =>
          row.equals(Buffer.from(Float32Array.from(file.row(index, view)).buffer));
        for (const index of pictures) for (const view of [0, 1]) if (same(index, view)) return {index, view};
        throw new Error('a row is that of no picture');
      });
    }

    it('come once an epoch each, with its label, changed as often as pictures do not stay untouched', async () => {
      for (const untouched of [0, 0.5, 1]) {
        const source = batches(untouched);
        const cache = openImages(at('artifact'));
        const rows: {index: number; view: number}[] = [];
        for await (const {input, labels, count} of source.training(1, 0, 11)) {
          const these = rowsOf(input, count);
          expect([...labels]).to.deep.equal(these.map(({index}) => cache.label(index)));
          rows.push(...these);
        }
        expect(rows).to.have.length(88);
        expect(new Set(rows.map(({index}) => index)).size).to.equal(88);
        expect(rows.every(({index}) => pictures.indexOf(index) < 90)).to.equal(true);
        const changed = rows.filter(({view}) => view === 1).length;
        // Three standard deviations of a binomial distribution around its half.
        expect(changed).to.be.within(...({0: [88, 88], 0.5: [30, 58], 1: [0, 0]}[untouched] as [number, number]));
        cache.close();
        await source.close();
      }
    });

    it('stay untouched the more the later the epoch', async () => {
      const views = async (epoch: number) => {
        const rows = [];
        for await (const {input, count} of batches(0, [], 1).training(epoch, 0, 11)) rows.push(...rowsOf(input, count));
        return new Set(rows.map(({view}) => view));
      };
      expect(await views(0)).to.deep.equal(new Set([1]));
      expect(await views(1)).to.deep.equal(new Set([0, 1]));
      expect(await views(3)).to.deep.equal(new Set([0]));
    });

    it('are the same from any step on, with other noise for each step', async () => {
      const all = [];
      for await (const batch of batches(0.5, [6]).training(2, 0, 5)) all.push(batch);
      const rest = [];
      for await (const batch of batches(0.5, [6]).training(2, 3, 5)) rest.push(batch);
      expect(rest).to.deep.equal(all.slice(3));
      expect(all[0].noise[0]).to.have.length(6);
      expect(all[0].noise[0]).not.to.deep.equal(all[1].noise[0]);
      const [other] = [await batches(0.5, [6]).training(3, 0, 1).next()];
      expect(other.value!.input).not.to.deep.equal(all[0].input);
    });

    it('are those of the unchanged pictures in validation, in their order', async () => {
      const rows = [];
      for await (const {input, count, noise} of batches(0).validation()) {
        expect(noise).to.deep.equal([]);
        rows.push(...rowsOf(input, count));
      }
      expect(rows).to.deep.equal(pictures.slice(90).map((index) => ({index, view: 0})));
    });
  });
});
