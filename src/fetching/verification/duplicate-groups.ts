import {byCodePoint} from '../../common/code-point-order.ts';
import {type DuplicateGroup, findDuplicates} from '../../dataset/duplicates.ts';

/** Groups files with the same content, for files with the names of their labels. */
export function duplicateGroups(files: readonly {path: string; label: string; sha256: string}[]): DuplicateGroup[] {
  const labels = [...new Set(files.map(({label}) => label))].sort(byCodePoint);
  const places = new Map(labels.map((label, index) => [label, index]));
  const indexed = files.map(({path, label}) => ({path, label: places.get(label)!}));
  return findDuplicates({files: indexed, labels}, files).groups;
}
