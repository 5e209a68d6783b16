import {hash} from 'node:crypto';
import {closeSync, openSync, readFileSync, readSync} from 'node:fs';
import {join} from 'node:path';
import {type Digested, withoutDigest} from '../common/digested.ts';
import {Products} from './products.ts';
import {joined, quantizeQuery} from './quantize.ts';

/** The files of an index. */
export const HEADER_FILE = 'index.json';
export const VECTORS_FILE = 'vectors.bin';
/** Changes with the layout of the files. */
export const INDEX_FORMAT = 1;

/** What an index is of. */
export interface IndexHeader {
  format: number;
  /** SHA-256 of the model whose features these are. */
  model: string;
  /** What else decides the pictures and their order. */
  key: string;
  /** The folder that the paths are relative to. */
  root: string;
  features: number;
  labels: string[];
  /** One for each picture: its path, the index of its label, and its position among the prepared pictures. */
  paths: string[];
  labelOf: number[];
  positions: number[];
  /** Of `vectors.bin`. */
  vectorsSha256: string;
}

export interface Neighbor {
  /** Index into the header's lists. */
  index: number;
  /** Cosine of the angle between the feature vectors: 1 for equal ones. */
  similarity: number;
}

/** So many times as many candidates as are asked for, since the high bytes alone confuse near ones. */
const CANDIDATES = 8;
const LEAST_CANDIDATES = 64;

/** The feature vectors of many pictures, of which the most similar ones to a picture's are found by looking at each. */
export class FeatureIndex {
  readonly header: Omit<IndexHeader, 'vectorsSha256'>;
  readonly #high: Products;
  readonly #scales: Float32Array;
  readonly #file: number;
  readonly #lowAt: number;

  private constructor(header: IndexHeader, high: Int8Array, scales: Float32Array, file: number) {
    this.header = header;
    this.#high = new Products(high, header.features);
    this.#scales = scales;
    this.#file = file;
    this.#lowAt = high.byteLength + scales.byteLength;
  }

  /** Opens an index; undefined if there is none, or a damaged one, or one of another model or other pictures. */
  static open(folder: string, model: string, key: string): FeatureIndex | undefined {
    try {
      const text = readFileSync(join(folder, HEADER_FILE), 'utf8');
      const header = withoutDigest(JSON.parse(text) as Partial<Digested<IndexHeader>>);
      if (header?.format !== INDEX_FORMAT || header.model !== model || header.key !== key) return undefined;
      const bytes = readFileSync(join(folder, VECTORS_FILE));
      const {features, paths, vectorsSha256} = header;
      if (hash('sha256', bytes) !== vectorsSha256) return undefined;
      const high = new Int8Array(bytes.buffer, bytes.byteOffset, paths.length * features);
      const scales = new Float32Array(paths.length);
      scales.forEach((_, i) => {
        scales[i] = bytes.readFloatLE(high.length + i * 4);
      });
      return new FeatureIndex(header, high, scales, openSync(join(folder, VECTORS_FILE), 'r'));
    } catch {
      return undefined;
    }
  }

  get count(): number {
    return this.header.paths.length;
  }

  /**
   * The pictures whose features are nearest to those of a picture, the nearest first.
   *
   * @param features of the same model
   */
  nearest(features: Float32Array, count: number): Neighbor[] {
    if (features.length !== this.header.features)
      throw new RangeError(`${features.length} features where the index has ${this.header.features}`);
    const length = Math.hypot(...features);
    if (!(length > 0)) return [];
    const candidates = this.#candidates(quantizeQuery(features), Math.max(LEAST_CANDIDATES, count * CANDIDATES));
    const exact = candidates.map((index) => ({index, similarity: this.#product(features, index) / length}));
    exact.sort((a, b) => b.similarity - a.similarity || a.index - b.index);
    return exact.slice(0, count).map(({index, similarity}) => ({index, similarity: Math.min(1, similarity)}));
  }

  close(): void {
    closeSync(this.#file);
  }

  /** Those with the largest products by their high bytes, in no order. */
  #candidates(query: Int16Array, count: number): number[] {
    const products = this.#high.with(query);
    const best = new Best(Math.min(count, this.count));
    for (let i = 0; i < this.count; i++) best.offer(i, products[i] * this.#scales[i]);
    return best.positions;
  }

  /** The product with a vector of length 1, by all 16 bits. */
  #product(features: Float32Array, index: number): number {
    const low = new Uint8Array(features.length);
    const at = index * features.length;
    readSync(this.#file, low, 0, low.length, this.#lowAt + at);
    let sum = 0;
    for (let k = 0; k < features.length; k++) sum += features[k] * joined(this.#high.at(index, k), low[k]);
    return sum * this.#scales[index];
  }
}

/** The positions with the largest values of many, in no order. */
class Best {
  readonly positions: number[] = [];
  readonly #values: number[] = [];
  readonly #count: number;
  #least = 0;

  constructor(count: number) {
    this.#count = count;
  }

  offer(position: number, value: number): void {
    if (this.positions.length < this.#count) {
      this.positions.push(position);
      this.#values.push(value);
      if (this.positions.length === this.#count) this.#findLeast();
    } else if (value > this.#values[this.#least]) {
      this.positions[this.#least] = position;
      this.#values[this.#least] = value;
      this.#findLeast();
    }
  }

  #findLeast(): void {
    this.#least = 0;
    for (let i = 1; i < this.#values.length; i++) if (this.#values[i] < this.#values[this.#least]) this.#least = i;
  }
}
