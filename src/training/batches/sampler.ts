import {Random} from '../random.ts';

/** The images of one batch, as positions in the list of training images. */
export type Batch = Uint32Array;

/** Steps per epoch; images that do not fill a batch are left out until another epoch's order. */
export function stepsPerEpoch(images: number, batchSize: number): number {
  return Math.max(1, Math.floor(images / batchSize));
}

/**
 * The order of an epoch: every image once, shuffled by seed and epoch only, so that a resumed run continues in the same
 * order. If there are fewer images than a batch holds, they are repeated to fill it.
 */
export class Sampler {
  #order: Uint32Array | undefined;
  #epoch = -1;

  readonly #images: number;
  readonly #batchSize: number;
  readonly #seed: number;

  constructor(images: number, batchSize: number, seed: number) {
    this.#images = images;
    this.#batchSize = batchSize;
    this.#seed = seed;
  }

  batch(epoch: number, step: number): Batch {
    if (this.#epoch !== epoch || !this.#order) {
      this.#order = new Random(this.#seed, 'shuffle', epoch).permutation(this.#images);
      this.#epoch = epoch;
    }
    const order = this.#order;
    return Uint32Array.from({length: this.#batchSize}, (_, i) => order[(step * this.#batchSize + i) % order.length]);
  }
}
