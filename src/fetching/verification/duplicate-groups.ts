import {byCodePoint} from '../../common/code-point-order.ts';
import {type DuplicateGroup, findDuplicates} from '../../dataset/duplicates.ts';

/** Groups files with the same content, for files with the names of their labels. */
export function duplicateGroups(files: readonly {path: string; label: string; sha256: string}[]): DuplicateGroup[] {
  const labels = [...new Set(files.map(({label}) => label))].sort(byCodePoint);
  const indexed = files.map(({path, label}) => ({path, label: labels.indexOf(label)}));
  return findDuplicates({files: indexed, labels}, files).groups;
}
