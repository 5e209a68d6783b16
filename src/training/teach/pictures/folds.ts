import {hash} from 'node:crypto';

/**
 * Divides pictures into folds for cross-validation: pictures of one group never stand on both sides, and the pictures of each
 * label are spread evenly, as far as its groups allow. The order follows from the names of the groups and the seed alone.
 *
 * @param labels of the pictures
 * @param groups of the pictures, such as the photograph that each was cut from
 * @returns the fold of each picture, from 0
 */
export function divideIntoFolds(
  labels: readonly number[],
  groups: readonly string[],
  folds: number,
  seed: number,
): number[] {
  const members = new Map<string, number[]>();
  groups.forEach((group, picture) => {
    members.set(group, [...(members.get(group) ?? []), picture]);
  });
  const ordered = [...members].map(([group, pictures]) => ({pictures, order: hash('sha256', `${seed}/${group}`)}));
  // Large groups first, while there is room for them everywhere.
  ordered.sort((a, b) => b.pictures.length - a.pictures.length || (a.order < b.order ? -1 : 1));
  const fold = new Array<number>(labels.length);
  const sizes = new Float64Array(folds);
  const perLabel = new Map<number, Float64Array>();
  for (const {pictures} of ordered) {
    const counts = pictures.map((picture) => {
      const label = labels[picture];
      if (!perLabel.has(label)) perLabel.set(label, new Float64Array(folds));
      return perLabel.get(label)!;
    });
    const load = Array.from({length: folds}, (_, at) => counts.reduce((sum, each) => sum + each[at], 0));
    const least = Math.min(...load);
    const open = load.flatMap((value, at) => (value === least ? [at] : []));
    const chosen = open.reduce((best, at) => (sizes[at] < sizes[best] ? at : best));
    pictures.forEach((picture, i) => {
      fold[picture] = chosen;
      counts[i][chosen]++;
    });
    sizes[chosen] += pictures.length;
  }
  return fold;
}
