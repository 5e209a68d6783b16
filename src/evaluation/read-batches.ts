import {join} from 'node:path';
import type {Dataset} from '../dataset/dataset.ts';
import type {FileError} from '../dataset/file-error.ts';
import {readWholeFile} from '../dataset/read-file.ts';
import {fromFileSystemError} from '../errors.ts';

/** Some files of a dataset with their bytes. */
export interface ImageBatch {
  /** Indices into the dataset's files. */
  files: number[];
  /** Their bytes, one for each. */
  images: Uint8Array[];
  /** The files that could not be read; they are in neither list. */
  errors: FileError[];
}

/**
 * Reads a dataset's files in batches. The next batch is being read while the consumer works on the one before.
 *
 * @param files indices of the files to read, in this order; all of them when left out
 */
export async function* readBatches(
  dataset: Dataset,
  files: readonly number[] = dataset.files.map((_, i) => i),
  batchSize: number,
): AsyncGenerator<ImageBatch> {
  let ahead = files.length > 0 ? readBatch(dataset, files.slice(0, batchSize)) : undefined;
  for (let next = batchSize; ahead; next += batchSize) {
    const batch = await ahead;
    ahead = next < files.length ? readBatch(dataset, files.slice(next, next + batchSize)) : undefined;
    yield batch;
  }
}

async function readBatch({root, files}: Dataset, indices: readonly number[]): Promise<ImageBatch> {
  const batch: ImageBatch = {files: [], images: [], errors: []};
  const read = async (index: number) => readWholeFile(join(root, files[index].path), files[index].bytes);
  const results = await Promise.allSettled(indices.map(read));
  results.forEach((result, i) => {
    if (result.status === 'fulfilled') {
      batch.files.push(indices[i]);
      batch.images.push(result.value);
      return;
    }
    const {path} = files[indices[i]];
    const {code, message} = fromFileSystemError(result.reason, path, 'read');
    batch.errors.push({path, code, message});
  });
  return batch;
}
