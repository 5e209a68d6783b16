import {byCodePoint} from '../code-point-order.ts';
import type {Dataset, DatasetFile} from '../dataset.ts';
import {writeManifest} from '../manifest.ts';
import type {HashedFiles, LabelledFile} from './inspect.ts';
import {type Sealed, writeSeal} from './seal.ts';

/**
 * Keeps the hashes of a dataset's files for the next run, so that it need not read those that are untouched.
 *
 * @param dataset with the files as they are now; those that were written since they were hashed are left out
 * @param sealed what they amount to, and were proved to be
 */
export function rememberHashes(
  cacheDir: string,
  dataset: Dataset,
  {files, started}: HashedFiles,
  sealed: Sealed,
): void {
  const hashed = new Map(files.map((file) => [file.path, file]));
  const same = dataset.files.filter((file) => isSame(file, hashed.get(file.path)));
  const hashes = same.map(({path}) => hashed.get(path)!);
  writeManifest(cacheDir, {...dataset, files: same}, hashes, started);
  if (same.length === files.length && same.length === dataset.files.length)
    writeSeal(cacheDir, dataset, sealed, started);
}

/** Hashed files as a dataset, as they were when they were hashed. */
export function asDataset({root, files}: HashedFiles): Dataset {
  const labels = [...new Set(files.map(({label}) => label))].sort(byCodePoint);
  const numbers = new Map(labels.map((label, number) => [label, number]));
  const rows = files.map(
    ({path, label, bytes, modified, changed}): DatasetFile => ({
      ...{path, label: numbers.get(label)!, bytes, modified, changed},
    }),
  );
  return {root, labels, files: rows, ignored: [], notes: []};
}

function isSame({bytes, modified}: DatasetFile, file: LabelledFile | undefined): boolean {
  return file !== undefined && file.bytes === bytes && file.modified === modified;
}
