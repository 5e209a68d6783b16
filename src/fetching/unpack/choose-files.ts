import {hash} from 'node:crypto';
import {byCodePoint} from '../../common/code-point-order.ts';
import {RiceError} from '../../common/errors.ts';
import {nearest} from '../../common/nearest-word.ts';
import type {LocatedFiles} from './locate-labels.ts';

/** A reproducible random subset of a dataset. */
export interface Subset {
  /** The total number of pictures. */
  count: number;
  seed: number;
}

/**
 * Keeps only the given labels, in any letter case.
 *
 * @throws RiceError USAGE for an unknown label
 */
export function onlyLabels(located: LocatedFiles, names: readonly string[]): LocatedFiles {
  const {files, labels} = located;
  const kept = new Set(names.map((name) => findLabel(name, labels)));
  return {
    ...located,
    files: files.filter(({label}) => kept.has(label)),
    labels: labels.filter((label) => kept.has(label)),
  };
}

export function findLabel(name: string, labels: readonly string[]): string {
  const found = labels.find((label) => label.toLowerCase() === name.toLowerCase());
  if (found !== undefined) return found;
  const near = nearest(name, labels);
  throw new RiceError('USAGE', `there is no label ${JSON.stringify(name)}; there are ${labels.join(', ')}`, {
    suggestions: [near === undefined ? 'Name some of these.' : `Did you mean ${near}?`],
  });
}

/**
 * Chooses `count` files, equally many of each label if there are enough. The order within a label is pseudorandom, by the
 * SHA-256 of the seed and the path: the same on every machine, whatever other files exist. A larger subset with the same
 * seed contains a smaller one.
 *
 * @returns indices of `files`
 */
export function chooseSubset(
  {files, labels}: {files: readonly {path: string; label: string}[]; labels: readonly string[]},
  {count, seed}: Subset,
): Set<number> {
  const ranks = files.map(({path}) => hash('sha256', `rice subset ${seed} ${path}`));
  const byLabel = new Map(labels.map((label) => [label, [] as number[]]));
  files.forEach(({label}, index) => {
    byLabel.get(label)!.push(index);
  });
  const queues = [...byLabel.values()];
  for (const queue of queues) queue.sort((a, b) => byCodePoint(ranks[a], ranks[b]));
  const chosen = new Set<number>();
  for (let round = 0; chosen.size < Math.min(count, files.length); round++)
    for (const queue of queues) if (round < queue.length && chosen.size < count) chosen.add(queue[round]);
  return chosen;
}
