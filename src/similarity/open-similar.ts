import {hash} from 'node:crypto';
import {existsSync} from 'node:fs';
import {dirname, join, resolve} from 'node:path';
import {defined} from '../common/defined.ts';
import {RiceError} from '../common/errors.ts';
import {cacheFolder} from '../common/files/cache-folder.ts';
import {buildPreparedCache} from '../dataset/cache/build-cache.ts';
import type {PreparedCache} from '../dataset/cache/prepared-cache.ts';
import {hashDataset} from '../dataset/hash-dataset.ts';
import {scanDataset} from '../dataset/scan.ts';
import {windowFromPatch} from '../image/window/window.ts';
import {Classifier} from '../model/classifier.ts';
import {shippedModel} from '../model/model-file.ts';
import {modelPath} from '../model/model-path.ts';
import {readManifest} from '../training/artifact/manifest.ts';
import {openImages} from '../training/artifact/open-images.ts';
import {positionsOf} from '../training/artifact/parts.ts';
import {ARTIFACT_FOLDER, readRunRecord} from '../training/run/run-folder.ts';
import {buildIndex} from './build-index.ts';
import {FeatureIndex} from './feature-index.ts';

/** The folder of the index in that of a run. */
const INDEX_FOLDER = 'index';
/** The folder of other indexes in the cache folder. */
const CACHE_FOLDER = 'features';

export type SimilarPhase = 'hashing' | 'preparing' | 'indexing';

export interface SimilarOptions {
  /** As for `Classifier.load`. */
  model?: string;
  threads?: number;
  /** A folder of labeled pictures to search, instead of those that the model was trained on. */
  dataset?: string;
  cacheDir?: string;
  onProgress?: (phase: SimilarPhase, done: number, total: number) => void;
  signal?: AbortSignal;
}

/** A picture that is like another one. */
export interface SimilarPicture {
  path: string;
  label: string;
  /** Cosine of the angle between the feature vectors: 1 for equal ones. */
  similarity: number;
}

/** Searches labeled pictures for those that look to the network most like another one. */
export class SimilarPictures {
  readonly #index: FeatureIndex;
  readonly #cache: PreparedCache;

  private constructor(index: FeatureIndex, cache: PreparedCache) {
    this.#index = index;
    this.#cache = cache;
  }

  /**
   * Opens the index of a model's training pictures, or of a folder; the first time it is made.
   *
   * @throws RiceError FEATURES_MISSING if the model has no features or there are no training pictures of it; errors of the model,
   *   the run or the folder; the signal's reason
   */
  static async open(options: SimilarOptions): Promise<SimilarPictures> {
    const {model, threads} = options;
    const classifier = await Classifier.load({device: 'cpu', features: true, ...defined({model, threads})});
    try {
      if (classifier.outputs.features === 0)
        throw new RiceError('FEATURES_MISSING', `the model ${classifier.model.name} has no output features`);
      return await (options.dataset === undefined ? ofRun(classifier, options) : ofFolder(classifier, options));
    } finally {
      await classifier.release();
    }
  }

  /** Opens an index, or makes it first. */
  static async openOrBuild(
    folder: string,
    cache: PreparedCache,
    classifier: Classifier,
    {positions, key, root, onProgress, signal}: Parameters<typeof buildIndex>[3],
  ): Promise<SimilarPictures> {
    const {sha256} = classifier.model;
    let index = FeatureIndex.open(folder, sha256, key);
    if (!index) {
      await buildIndex(folder, cache, classifier, {positions, key, root, signal, ...defined({onProgress})});
      index = FeatureIndex.open(folder, sha256, key);
    }
    if (!index) throw new RiceError('CACHE_DAMAGED', `the index in ${folder} cannot be read again`);
    return new SimilarPictures(index, cache);
  }

  /** How many pictures are searched. */
  get count(): number {
    return this.#index.count;
  }

  /**
   * The pictures most like another one, the nearest first.
   *
   * @param features as the same model computes them
   */
  find(features: Float32Array, count: number): SimilarPicture[] {
    const {paths, labels, labelOf, root} = this.#index.header;
    return this.#index.nearest(features, count).map(({index, similarity}) => ({
      path: join(root, paths[index]),
      label: labels[labelOf[index]],
      similarity,
    }));
  }

  /** The windows of the pictures that `find` finds, as the network sees them: RGB interleaved, row-major. */
  windows(features: Float32Array, count: number): Uint8Array[] {
    const {positions} = this.#index.header;
    return this.#index
      .nearest(features, count)
      .map(({index}) => windowFromPatch(this.#cache.readPatch(positions[index]), this.#cache.size));
  }

  close(): void {
    this.#index.close();
    this.#cache.close();
  }
}

/** The training part of the run that the model is of. */
async function ofRun(
  classifier: Classifier,
  {model = shippedModel(), onProgress, signal}: SimilarOptions,
): Promise<SimilarPictures> {
  const run = dirname(modelPath(model));
  const artifact = join(run, ARTIFACT_FOLDER);
  if (!existsSync(artifact))
    throw new RiceError('FEATURES_MISSING', `the training pictures of ${classifier.model.name} are not here`, {
      suggestions: [
        'Name a folder of labeled pictures to search: --similar-to DIR.',
        'Or use the model of a run, which keeps them: --model runs/NAME.',
      ],
    });
  const record = readRunRecord(run);
  const manifest = readManifest(artifact);
  const cache = openImages(artifact);
  try {
    return await SimilarPictures.openOrBuild(join(run, INDEX_FOLDER), cache, classifier, {
      positions: positionsOf(cache, manifest, 'train'),
      key: hash('sha256', JSON.stringify([cache.digest, manifest.split, manifest.parts ?? ''])),
      root: record.dataset.root,
      signal,
      ...progressOf(onProgress),
    });
  } catch (error) {
    cache.close();
    throw error;
  }
}

/** All pictures of a folder, prepared as for a training. */
async function ofFolder(
  classifier: Classifier,
  {dataset: root, cacheDir = cacheFolder(), onProgress, signal}: SimilarOptions,
): Promise<SimilarPictures> {
  const {input} = classifier.metadata;
  const scanned = scanDataset(root!);
  const report =
    (phase: SimilarPhase) =>
    ({done, total}: {done: number; total: number}) =>
      onProgress?.(phase, done, total);
  const {dataset, hashes} = await hashDataset(scanned, {cacheDir, onProgress: report('hashing'), ...defined({signal})});
  const cache = await buildPreparedCache({
    dataset,
    hashes,
    size: input,
    wholeFrame: input.resize === 'whole-picture',
    cacheDir,
    onProgress: report('preparing'),
    ...defined({signal}),
  });
  try {
    const key = hash('sha256', JSON.stringify([cache.digest, cache.labels, resolve(root!), classifier.model.sha256]));
    return await SimilarPictures.openOrBuild(join(cacheDir, CACHE_FOLDER, key.slice(0, 16)), cache, classifier, {
      positions: Array.from({length: cache.count}, (_, i) => i),
      key,
      root: root!,
      signal,
      ...progressOf(onProgress),
    });
  } catch (error) {
    cache.close();
    throw error;
  }
}

function progressOf(onProgress: SimilarOptions['onProgress']) {
  return defined({
    onProgress: onProgress && ((done: number, total: number) => onProgress('indexing', done, total)),
  });
}
