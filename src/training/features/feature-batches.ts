import type {PreparedCache} from '../../dataset/cache/prepared-cache.ts';
import {type AugmentationOptions, augmentationIn} from '../batches/augmentation.ts';
import type {Batch, Batches} from '../batches/batches.ts';
import {Sampler} from '../batches/sampler.ts';
import {Random} from '../random.ts';
import {type FeatureFile, VIEWS} from './feature-file.ts';

export interface FeatureBatchesOptions {
  features: FeatureFile;
  /** The length of a picture's features. */
  length: number;
  cache: PreparedCache;
  seed: number;
  batchSize: number;
  epochs: number;
  augmentation: AugmentationOptions;
  train: Uint32Array;
  validation: Uint32Array;
  noiseLengths: number[];
}

/** Batches of features: in training of the unchanged picture as often as pictures stay untouched, else of another view. */
export class FeatureBatches implements Batches {
  readonly #options: FeatureBatchesOptions;
  readonly #sampler: Sampler;

  constructor(options: FeatureBatchesOptions) {
    this.#options = options;
    this.#sampler = new Sampler(options.train.length, options.batchSize, options.seed);
  }

  async *training(epoch: number, from: number, to: number, epochs = this.#options.epochs): AsyncGenerator<Batch> {
    const {train, seed, noiseLengths, augmentation} = this.#options;
    const {untouched} = augmentationIn(epoch, epochs, augmentation);
    for (let step = from; step < to; step++) {
      const random = new Random(seed, 'views', epoch, step);
      const pictures = Array.from(this.#sampler.batch(epoch, step), (position) => train[position]);
      const views = pictures.map(() => (random.chance(untouched) ? 0 : 1 + random.below(VIEWS - 1)));
      const noise = noiseLengths.map((length, i) => uniform(length, new Random(seed, 'dropout', i, epoch, step)));
      yield {...this.#batch(pictures, views), noise};
    }
  }

  async *validation(): AsyncGenerator<Batch> {
    const {validation, batchSize} = this.#options;
    for (let start = 0; start < validation.length; start += batchSize) {
      const pictures = [...validation.subarray(start, start + batchSize)];
      yield {
        ...this.#batch(
          pictures,
          pictures.map(() => 0),
        ),
        noise: [],
      };
    }
  }

  async close(): Promise<void> {
    this.#options.cache.close();
  }

  #batch(pictures: readonly number[], views: readonly number[]): Omit<Batch, 'noise'> {
    const {features, length, cache} = this.#options;
    const input = new Float32Array(pictures.length * length);
    pictures.forEach((index, i) => {
      input.set(features.row(index, views[i]), i * length);
    });
    return {input, labels: Uint8Array.from(pictures, (index) => cache.label(index)), count: pictures.length};
  }
}

function uniform(length: number, random: Random): Float32Array {
  return Float32Array.from({length}, () => random.uniform());
}
