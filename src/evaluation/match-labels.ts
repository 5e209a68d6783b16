import {RiceError} from '../common/errors.ts';

/**
 * Finds for each folder the label of the model that it stands for, without regard to case.
 *
 * @returns for each folder the index of its label among the model's
 * @throws RiceError DATASET_LABELS when a folder is no label of the model
 */
export function matchLabels(folders: readonly string[], labels: readonly string[]): number[] {
  const plainLabels = labels.map(plain);
  const matched = folders.map((folder) => {
    const exact = labels.indexOf(folder);
    return exact >= 0 ? exact : plainLabels.indexOf(plain(folder));
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

/** Some systems store names decomposed (macOS), so accents are composed first. */
function plain(name: string): string {
  return name.normalize('NFC').trim().toLowerCase();
}

function list(names: readonly string[]): string {
  return names.map((name) => `"${name}"`).join(', ');
}
