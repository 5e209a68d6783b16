import {byCodePoint} from '../common/code-point-order.ts';
import type {Dataset, DatasetFile} from '../dataset/dataset.ts';
import {writeManifest} from '../dataset/manifest.ts';
import {type Fingerprinted, writeFingerprint} from './fingerprint.ts';
import type {HashedFiles, LabelledFile} from './types.ts';

/**
 * Caches the hashes of a dataset's files for the next run, so that it need not read unchanged files.
 *
 * @param dataset the files as they are now; those that changed since they were hashed are left out
 * @param fingerprinted the summary of the files, and the key of the request that they were verified for
 */
export function cacheHashes(
  cacheDir: string,
  dataset: Dataset,
  {files, started}: HashedFiles,
  fingerprinted: Fingerprinted,
): void {
  const {same, hashes} = align(dataset.files, files);
  writeManifest(cacheDir, {...dataset, files: same}, hashes, started);
  if (same.length === files.length && same.length === dataset.files.length)
    writeFingerprint(cacheDir, dataset, fingerprinted, started);
}

/** The files that are unchanged since they were hashed, and their hashes. */
function align(
  now: readonly DatasetFile[],
  hashed: readonly LabelledFile[],
): {same: DatasetFile[]; hashes: readonly LabelledFile[]} {
  if (now.length === hashed.length && now.every((file, i) => file.path === hashed[i].path && isSame(file, hashed[i])))
    return {same: [...now], hashes: hashed};
  const known = new Map(hashed.map((file) => [file.path, file]));
  const same = now.filter((file) => isSame(file, known.get(file.path)));
  return {same, hashes: same.map(({path}) => known.get(path)!)};
}

/** Hashed files as a dataset, with the sizes and times at hashing. */
export function asDataset({root, files}: HashedFiles): Dataset {
  const labels = [...new Set(files.map(({label}) => label))].sort(byCodePoint);
  const numbers = new Map(labels.map((label, number) => [label, number]));
  const rows = files.map(
    ({path, label, bytes, modified, changed}): DatasetFile => ({
      path,
      label: numbers.get(label)!,
      bytes,
      modified,
      changed,
    }),
  );
  return {root, labels, files: rows, ignored: [], notes: []};
}

function isSame({bytes, modified}: DatasetFile, file: LabelledFile | undefined): boolean {
  return file !== undefined && file.bytes === bytes && file.modified === modified;
}
