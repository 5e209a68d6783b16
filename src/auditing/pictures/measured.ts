import {join} from 'node:path';
import type {FileError} from '../../dataset/file-error.ts';
import type {HashedDataset} from '../../dataset/hash-dataset.ts';
import {PREPARATION_VERSION} from '../../image/prepare.ts';
import {RecordStore} from '../store/record-store.ts';
import {type MeasureOptions, measurePictures} from './measure-pictures.ts';
import {MEASUREMENT_BYTES, MEASUREMENT_VERSION, type Measurement, unpackMeasurement} from './measurement.ts';

/** Pictures that are measured before they are stored. */
const PORTION = 2048;

/**
 * Measures all pictures of a dataset, except for those that an earlier audit has measured.
 *
 * @returns for each file its measurement, undefined for one that cannot be read as a picture
 */
export async function measuredPictures(
  {dataset, hashes}: Pick<HashedDataset, 'dataset' | 'hashes'>,
  {cacheDir, onProgress, ...options}: MeasureOptions & {cacheDir: string},
): Promise<{measurements: (Measurement | undefined)[]; errors: FileError[]}> {
  const file = `measurements-${PREPARATION_VERSION}-${MEASUREMENT_VERSION}.bin`;
  const store = new RecordStore(join(cacheDir, 'audits', file), MEASUREMENT_BYTES);
  const errors: FileError[] = [];
  try {
    const missing = dataset.files.flatMap((_, i) => (store.get(hashes[i].sha256) ? [] : [i]));
    const before = dataset.files.length - missing.length;
    for (let start = 0; start < missing.length; start += PORTION) {
      const indices = missing.slice(start, start + PORTION);
      const progress = (done: number) => onProgress?.(before + start + done);
      const measured = await measurePictures(dataset, indices, {...options, onProgress: progress});
      const failed = new Set(measured.errors.map(({path}) => path));
      errors.push(...measured.errors);
      for (const [at, index] of indices.entries())
        if (!failed.has(dataset.files[index].path))
          store.add(
            hashes[index].sha256,
            measured.bytes.subarray(at * MEASUREMENT_BYTES, (at + 1) * MEASUREMENT_BYTES),
          );
    }
    return {
      measurements: hashes.map(({sha256}) => {
        const bytes = store.get(sha256);
        return bytes && unpackMeasurement(bytes, 0);
      }),
      errors,
    };
  } finally {
    store.close();
  }
}
