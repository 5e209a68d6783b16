import {cacheFolder} from '../../src/common/files/cache-folder.ts';
import {hashDataset} from '../../src/dataset/hash-dataset.ts';
import {scanDataset} from '../../src/dataset/scan.ts';
import {DEFAULT_FRACTIONS, type Part, splitDataset, stratify} from '../../src/dataset/split.ts';

/** The pictures of one part of a dataset. */
export interface GrainFiles {
  /** Absolute path. */
  root: string;
  /** DVC's digest of the whole dataset. */
  digest: string;
  images: number;
  /** Relative to the root, by label, in the order of their content's hash. */
  files: Record<string, string[]>;
}

/**
 * The files of one part of the split that the shipped model was trained with (seed 0, by content), by variety. The hashes
 * are cached, so only the first call reads the dataset.
 *
 * @throws RiceError as `scanDataset`
 */
export async function grainsOf(datasetFolder: string, part: Part): Promise<GrainFiles> {
  const {dataset, hashes, digest} = await hashDataset(scanDataset(datasetFolder), {cacheDir: cacheFolder()});
  const split = stratify(dataset, hashes, {seed: 0, fractions: DEFAULT_FRACTIONS});
  const chosen = splitDataset(dataset, hashes, split)[part];
  // By content and not by name, so that renamed files give the same scenes; a duplicate is taken once.
  const byContent = [...new Map(chosen.map((index) => [hashes[index].sha256, index]))].sort(([a], [b]) =>
    a < b ? -1 : 1,
  );
  const files: Record<string, string[]> = {};
  for (const [, index] of byContent) {
    const {label, path} = dataset.files[index];
    const name = dataset.labels[label];
    files[name] ??= [];
    files[name].push(path);
  }
  return {root: dataset.root, digest, images: hashes.length, files};
}
