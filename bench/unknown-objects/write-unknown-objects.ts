import {mkdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {encodeJpeg} from '../../src/image/formats/jpeg/encode.ts';
import {Random} from '../../src/training/random.ts';
import {KINDS} from './kinds.ts';
import {renderObject} from './render.ts';

/** As in the Rice Image Dataset. */
const JPEG_QUALITY = 75;

export interface UnknownObjectsOptions {
  /** Pictures of each kind. */
  count: number;
  seed: number;
  onProgress?: (progress: {done: number; total: number}) => void;
}

/** Writes FOLDER/KIND/1.jpg and so on. Each picture depends only on the seed, its kind and its number. */
export async function writeUnknownObjects(folder: string, options: UnknownObjectsOptions): Promise<void> {
  const {count, seed, onProgress} = options;
  let done = 0;
  for (const {name, draw} of KINDS) {
    mkdirSync(join(folder, name), {recursive: true});
    for (let number = 1; number <= count; number++) {
      const frame = renderObject(
        draw(new Random(seed, name, number, 'object')),
        new Random(seed, name, number, 'capture'),
      );
      writeFileSync(join(folder, name, `${number}.jpg`), await encodeJpeg(frame, JPEG_QUALITY));
      onProgress?.({done: ++done, total: KINDS.length * count});
    }
  }
}
