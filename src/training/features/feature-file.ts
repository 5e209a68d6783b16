import {closeSync, openSync, readFileSync, statSync} from 'node:fs';
import {join} from 'node:path';
import {RiceError} from '../../common/errors.ts';

export const FEATURES_FILE = 'features.bin';

/** Each picture has the features of the picture as it is, and of the same as another camera would show it. */
export const VIEWS = 2;

/** The features of the training and validation pictures of an artifact, float32: picture by picture, view by view. */
export class FeatureFile {
  readonly #rows: Float32Array;
  readonly #length: number;
  /** The place of each picture of the cache in the file. */
  readonly #places: ReadonlyMap<number, number>;

  private constructor(rows: Float32Array, length: number, places: ReadonlyMap<number, number>) {
    this.#rows = rows;
    this.#length = length;
    this.#places = places;
  }

  /**
   * @param pictures positions in the cache, in the order of the file
   * @throws RiceError RUN_DAMAGED if there are not as many features
   */
  static open(artifact: string, length: number, pictures: readonly number[]): FeatureFile {
    const path = join(artifact, FEATURES_FILE);
    const expected = pictures.length * VIEWS * length * 4;
    let bytes: Uint8Array;
    try {
      bytes = readFileSync(path);
    } catch (error) {
      throw new RiceError('RUN_DAMAGED', `${path} cannot be read`, {cause: error});
    }
    if (bytes.length !== expected)
      throw new RiceError('RUN_DAMAGED', `${path} has ${bytes.length} bytes where ${expected} are expected`);
    const rows = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
    return new FeatureFile(rows, length, new Map(pictures.map((index, place) => [index, place])));
  }

  /** The features of a picture: [F]. */
  row(index: number, view: number): Float32Array {
    const at = (this.#places.get(index)! * VIEWS + view) * this.#length;
    return this.#rows.subarray(at, at + this.#length);
  }
}

/** How many pictures of an unfinished file are complete; 0 if there is none. */
export function completePictures(path: string, length: number): number {
  try {
    return Math.floor(statSync(path).size / (VIEWS * length * 4));
  } catch {
    return 0;
  }
}

/** Creates an empty file if there is none. */
export function touch(path: string): void {
  closeSync(openSync(path, 'a'));
}
