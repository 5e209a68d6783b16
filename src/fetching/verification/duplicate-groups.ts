import {byCodePoint} from '../../common/code-point-order.ts';
import {type DuplicateGroup, findDuplicates} from '../../dataset/duplicates.ts';

/** The contents that several files share, of files that carry their labels by name. */
export function duplicateGroups(files: readonly {path: string; label: string; sha256: string}[]): DuplicateGroup[] {
  const labels = [...new Set(files.map(({label}) => label))].sort(byCodePoint);
  const indexed = files.map(({path, label}) => ({path, label: labels.indexOf(label)}));
  return findDuplicates({files: indexed, labels}, files).groups;
}
