import {RiceError} from '../common/errors.ts';
import {foldName} from '../common/fold-name.ts';

/**
 * Finds for each folder the label of the model that it stands for, without regard to case and accents.
 *
 * @returns for each folder, the index of its label in `labels`
 * @throws RiceError DATASET_LABELS if a folder is not a label of the model
 */
export function matchLabels(folders: readonly string[], labels: readonly string[]): number[] {
  const folded = labels.map(foldName);
  const matched = folders.map((folder) => {
    const exact = labels.indexOf(folder);
    return exact >= 0 ? exact : folded.indexOf(foldName(folder));
  });
  const unmatched = folders.filter((_, i) => matched[i] < 0);
  if (unmatched.length === 0) return matched;
  throw new RiceError(
    'DATASET_LABELS',
    `${list(unmatched)} ${unmatched.length === 1 ? 'is not a label' : 'are not labels'} of the model; ` +
      `the folders are ${list(folders)}, the labels ${list(labels)}`,
    {suggestions: ['Rename these folders to labels, or move them away.', 'Or use another --model.']},
  );
}

function list(names: readonly string[]): string {
  return names.map((name) => `"${name}"`).join(', ');
}
