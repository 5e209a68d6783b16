import {RiceError} from '../../common/errors.ts';
import type {Duplicates} from '../../dataset/duplicates.ts';
import type {HashedDataset} from '../../dataset/hash-dataset.ts';
import {PARTS, type Part, type Split, splitDataset} from '../../dataset/split.ts';
import type {RunRecord} from './run-folder.ts';

type Warn = (message: string) => void;

/**
 * Checks that there are enough images; warns if a part of the split lacks a label or a batch is larger than the training
 * part.
 *
 * @throws RiceError DATASET_TOO_SMALL if a part that training needs is empty
 */
export function checkSplit({dataset, configuration}: RunRecord, hashed: HashedDataset, warn: Warn): void {
  const {train, validation} = dataset.split.images;
  if (train === 0 || validation === 0) {
    throw new RiceError(
      'DATASET_TOO_SMALL',
      `${dataset.root} has ${dataset.images} pictures: the split gives ${train} to train on and ${validation} to validate with`,
      {suggestions: [dataset.split.given ? partsHint(train) : SHARES_HINT]},
    );
  }
  rejectEmptyLabels(dataset, hashed);
  const parts = splitDataset(hashed.dataset, hashed.hashes, dataset.split);
  for (const part of PARTS.filter((each) => parts[each].length > 0)) {
    const present = new Set(parts[part].map((i) => hashed.dataset.files[i].label));
    const missing = hashed.dataset.labels.filter((_, label) => !present.has(label));
    if (missing.length > 0) warn(`the ${part} part has no picture of ${missing.join(', ')}: add pictures`);
  }
  warnOfCopies(parts, hashed.hashes, warn);
  if (configuration.batchSize > train) {
    warn(
      `a batch of ${configuration.batchSize} is larger than the training part: its ${train === 1 ? 'picture is' : `${train} pictures are`} repeated`,
    );
  }
}

const SHARES_HINT = 'Add pictures, raise --validation-share, or try another --split-seed.';

/** The dataset's own split is kept, so no share or seed changes it. */
function partsHint(train: number): string {
  return train === 0
    ? 'Give the split pictures to train on, or leave it out of the list or the folders: then rice divides them.'
    : 'Give the split more pictures to train on: some of each label validate.';
}

/** A split by content keeps copies together; one that the dataset brings may measure with what it trains on. */
function warnOfCopies(parts: Record<Part, number[]>, hashes: HashedDataset['hashes'], warn: Warn): void {
  const trained = new Set(parts.train.map((i) => hashes[i].sha256));
  for (const part of ['validation', 'test'] as const) {
    const copies = parts[part].filter((i) => trained.has(hashes[i].sha256)).length;
    if (copies > 0)
      warn(
        `the train part has ${copies} of the ${parts[part].length} pictures of the ${part} part too, so that part measures too well`,
      );
  }
}

/** Rejects labels without a readable picture, which would be trained as labels that never occur. */
function rejectEmptyLabels({root, errors}: RunRecord['dataset'], {dataset}: HashedDataset): void {
  const failed = new Set(errors.map(({path}) => path));
  const usable = new Set(dataset.files.filter(({path}) => !failed.has(path)).map(({label}) => label));
  const empty = dataset.labels.filter((_, label) => !usable.has(label));
  if (empty.length === 0) return;
  const first = errors.find(({path}) => path.startsWith(`${empty[0]}/`));
  throw new RiceError(
    'DATASET_TOO_SMALL',
    `${root} has no readable picture of ${empty.join(', ')}${first ? `: ${first.path}: ${first.message}` : ''}`,
    {suggestions: ['Add readable pictures of each label, or remove its folder.']},
  );
}

/** The share of a label's pictures without a single grain from which it is told. */
const TOLD_SHARE = 0.5;

/** Labels of which most pictures show no single grain, such as heaps or backgrounds. */
export function mostlyWithoutSingleGrain(counts: RunRecord['dataset']['withoutSingleGrain']): string[] {
  return Object.entries(counts ?? {})
    .filter(([, {images, none, several}]) => images > 0 && none + several >= TOLD_SHARE * images)
    .map(([label]) => label);
}

/** A model answers "unknown" to pictures without a single grain, whatever it was trained on. */
export function warnOfGrains({withoutSingleGrain}: Pick<RunRecord['dataset'], 'withoutSingleGrain'>, warn: Warn): void {
  for (const label of mostlyWithoutSingleGrain(withoutSingleGrain)) {
    const {images, none, several, example} = withoutSingleGrain![label];
    const kinds = [...(none > 0 ? [`${none} show none`] : []), ...(several > 0 ? [`${several} show several`] : [])];
    warn(
      `${label}: no single grain was found in ${none + several} of ${images} pictures (${kinds.join(', ')}), such as ${example}; the model will call such pictures unknown: show one grain on a plain background, or train on whole pictures with --whole-frame`,
    );
  }
}

/** Duplicates count more than other images, also where they share a part of the split; a picture with two labels is a mistake. */
export function warnOfDuplicates({surplus, conflicting}: Duplicates, {given}: Pick<Split, 'given'>, warn: Warn): void {
  const shown = 3;
  if (surplus > 0) {
    const what =
      surplus === 1
        ? '1 picture is an exact duplicate of another'
        : `${surplus} pictures are exact duplicates of others`;
    warn(given ? what : `${what}; duplicates always share a part of the split`);
  }
  for (const {paths} of conflicting.slice(0, shown)) {
    warn(`the same picture has two labels: ${paths.join(', ')}`);
  }
  if (conflicting.length > shown) warn(`${conflicting.length - shown} more pictures have two labels`);
}
