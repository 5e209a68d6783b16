import type {Dataset, DatasetFile} from './dataset.ts';
import type {FileHash} from './digest.ts';

/** Files with the same bytes. */
export interface DuplicateGroup {
  sha256: string;
  paths: string[];
  /** Their labels; if there are several, at least one is wrong. */
  labels: string[];
}

export interface Duplicates {
  /** In the order of the first file of each group. */
  groups: DuplicateGroup[];
  /** The number of files that are copies of others. */
  surplus: number;
  /** The groups with more than one label. */
  conflicting: DuplicateGroup[];
}

/** Finds files with equal content, whatever their names and labels. */
export function findDuplicates(
  dataset: Pick<Dataset, 'labels'> & {files: readonly Pick<DatasetFile, 'path' | 'label'>[]},
  hashes: readonly Pick<FileHash, 'sha256'>[],
): Duplicates {
  const groups: DuplicateGroup[] = [];
  for (const [sha256, indices] of duplicated(hashes)) {
    const files = indices.map((index) => dataset.files[index]);
    const labels = [...new Set(files.map(({label}) => dataset.labels[label]))];
    groups.push({sha256, paths: files.map(({path}) => path), labels});
  }
  const surplus = groups.reduce((total, {paths}) => total + paths.length - 1, 0);
  return {groups, surplus, conflicting: groups.filter(({labels}) => labels.length > 1)};
}

/** The indices of the files of each duplicated content, in the order of the first file. */
function duplicated(hashes: readonly Pick<FileHash, 'sha256'>[]): [sha256: string, indices: number[]][] {
  const first = new Map<string, number>();
  const members = new Map<string, number[]>();
  hashes.forEach(({sha256}, index) => {
    const firstIndex = first.get(sha256);
    if (firstIndex === undefined) first.set(sha256, index);
    else {
      const group = members.get(sha256);
      if (group) group.push(index);
      else members.set(sha256, [firstIndex, index]);
    }
  });
  return [...members].sort(([, [a]], [, [b]]) => a - b);
}
