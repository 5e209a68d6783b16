import type {Dataset, DatasetFile} from './dataset.ts';
import type {FileHash} from './digest.ts';

/** Files with the same bytes. */
export interface DuplicateGroup {
  sha256: string;
  paths: string[];
  /** The labels they stand under; more than one means that at least one of them is wrong. */
  labels: string[];
}

export interface Duplicates {
  /** Every content that is there more than once, in the order of its first file. */
  groups: DuplicateGroup[];
  /** How many files could go without losing a content. */
  surplus: number;
  /** The groups with more than one label. */
  conflicting: DuplicateGroup[];
}

/** Finds the files with equal content, whatever their names and labels. */
export function findDuplicates(
  dataset: Pick<Dataset, 'labels'> & {files: readonly Pick<DatasetFile, 'path' | 'label'>[]},
  hashes: readonly Pick<FileHash, 'sha256'>[],
): Duplicates {
  const members = new Map<string, number[]>();
  hashes.forEach(({sha256}, index) => {
    const indices = members.get(sha256);
    if (indices) indices.push(index);
    else members.set(sha256, [index]);
  });
  const groups: DuplicateGroup[] = [];
  for (const [sha256, indices] of members) {
    if (indices.length < 2) continue;
    const files = indices.map((index) => dataset.files[index]);
    const labels = [...new Set(files.map(({label}) => dataset.labels[label]))];
    groups.push({sha256, paths: files.map(({path}) => path), labels});
  }
  const surplus = groups.reduce((total, {paths}) => total + paths.length - 1, 0);
  return {groups, surplus, conflicting: groups.filter(({labels}) => labels.length > 1)};
}
