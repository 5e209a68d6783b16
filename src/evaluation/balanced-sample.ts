import {byCodePoint} from '../common/code-point-order.ts';
import type {Dataset} from '../dataset/dataset.ts';
import type {FileHash} from '../dataset/digest.ts';

/**
 * Chooses `count` of the given files, equally many of each label if there are enough. Within a label, files with the
 * smallest SHA-256 come first, so the sample depends only on content, and a larger sample contains it.
 *
 * @param hashes one for each file of the dataset
 * @param files indices of the files to choose from
 * @returns indices, in the order of `files`
 */
export function balancedSample(
  dataset: Dataset,
  hashes: readonly Pick<FileHash, 'sha256'>[],
  files: readonly number[],
  count: number,
): number[] {
  const queues = dataset.labels.map((_, label) => files.filter((file) => dataset.files[file].label === label));
  for (const queue of queues)
    queue.sort(
      (a, b) =>
        byCodePoint(hashes[a].sha256, hashes[b].sha256) || byCodePoint(dataset.files[a].path, dataset.files[b].path),
    );
  const chosen = new Set<number>();
  for (let round = 0; chosen.size < Math.min(count, files.length); round++)
    for (const queue of queues) if (round < queue.length && chosen.size < count) chosen.add(queue[round]);
  return files.filter((file) => chosen.has(file));
}
