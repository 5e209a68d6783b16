import {RiceError} from '../common/errors.ts';
import {foldName} from '../common/fold-name.ts';

/**
 * Finds for each folder the label of the model that it stands for, without regard to case and accents.
 *
 * @returns for each folder the index of its label among the model's
 * @throws RiceError DATASET_LABELS when a folder is no label of the model
 */
export function matchLabels(folders: readonly string[], labels: readonly string[]): number[] {
  const folded = labels.map(foldName);
  const matched = folders.map((folder) => {
    const exact = labels.indexOf(folder);
    return exact >= 0 ? exact : folded.indexOf(foldName(folder));
  });
  const strangers = folders.filter((_, i) => matched[i] < 0);
  if (strangers.length === 0) return matched;
  throw new RiceError(
    'DATASET_LABELS',
    `${list(strangers)} ${strangers.length === 1 ? 'is no label' : 'are no labels'} of the model; ` +
      `the folders are ${list(folders)}, the labels ${list(labels)}`,
    {suggestions: ['Rename the folders after the labels, or move the others away.', 'Or name another --model.']},
  );
}

function list(names: readonly string[]): string {
  return names.map((name) => `"${name}"`).join(', ');
}
