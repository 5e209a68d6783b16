import type {Dataset} from '../../dataset/dataset.ts';
import {estimatedCounts, findLabelErrors, type GivenLabels} from '../labels/confident-learning.ts';
import type {Probabilities} from '../probabilities/types.ts';
import type {LabelNoise, Suspect} from './types.ts';

/** Pictures whose label is probably wrong, the most certain first, and how many there are of each kind. */
export function findSuspects(
  {labels, files, corrections}: Pick<Dataset, 'labels' | 'files' | 'corrections'>,
  {files: indices, rows}: Probabilities,
): {suspects: Suspect[]; noise: LabelNoise} {
  const classes = labels.length;
  const data: GivenLabels = {given: indices.map((index) => files[index].label), probabilities: rows, classes};
  const kept = new Set(corrections?.kept);
  const suspects = findLabelErrors(data).flatMap(({index, suggested}): Suspect[] => {
    const {path, label} = files[indices[index]];
    if (kept.has(path)) return [];
    const of = (each: number) => rows[index * classes + each];
    const probability = {given: of(label), suggested: of(suggested)};
    return [{path, label: labels[label], suggested: labels[suggested], probability}];
  });
  const matrix = estimatedCounts(data);
  const wrong = matrix.reduce(
    (sum, row, i) => sum + row.reduce((total, count, j) => total + (i === j ? 0 : count), 0),
    0,
  );
  return {suspects, noise: {labels: [...labels], matrix, share: indices.length === 0 ? 0 : wrong / indices.length}};
}
