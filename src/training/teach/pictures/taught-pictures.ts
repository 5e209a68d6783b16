import {RiceError} from '../../../common/errors.ts';
import type {PreparedCache} from '../../../dataset/cache/prepared-cache.ts';
import {findDuplicates} from '../../../dataset/duplicates.ts';
import type {HashedDataset} from '../../../dataset/hash-dataset.ts';
import {warnOfDuplicates, warnOfGrains} from '../../run/check-dataset.ts';
import {divideIntoFolds} from './folds.ts';
import {pictureGroups} from './picture-groups.ts';

/** Fewest pictures of a label, so that one can be left out, and fewest of all. */
const LEAST_OF_LABEL = 2;
const LEAST = 4;
const MOST_LABELS = 100;
/** Pictures of a label by which the network itself should be trained. */
const ENOUGH_TO_TRAIN = 2000;

/** The pictures to make a model of, and how they are divided. */
export interface TaughtPictures {
  labels: string[];
  /** Of each prepared picture. */
  truth: number[];
  groups: string[];
  folds: number[];
  /** Labels whose pictures were all cut from one photograph. */
  ofOnePhotograph: string[];
}

/** Groups the prepared pictures and divides them into folds. */
export function picturesOf(
  {dataset, hashes}: HashedDataset,
  cache: PreparedCache,
  {folds, seed}: {folds: number; seed: number},
): TaughtPictures {
  const byPath = new Map(dataset.files.map(({path}, i) => [path, i] as const));
  const files = Array.from({length: cache.count}, (_, i) => byPath.get(cache.path(i))!);
  const truth = files.map((file) => dataset.files[file].label);
  const groups = pictureGroups(
    dataset.root,
    files.map((file) => dataset.files[file].path),
    files.map((file) => hashes[file].sha256),
  );
  const {labels} = dataset;
  const alone = splitLoneGroups(
    truth,
    groups,
    files.map((file) => hashes[file].sha256),
  );
  const count = Math.max(2, Math.min(folds, new Set(alone).size));
  const ofOnePhotograph = labels.filter((_, label) => {
    const own = new Set(groups.filter((_, i) => truth[i] === label));
    return own.size === 1 && truth.filter((each) => each === label).length > 1;
  });
  return {labels, truth, groups: alone, folds: divideIntoFolds(truth, alone, count, seed), ofOnePhotograph};
}

/** A label whose pictures are all of one group could not be learnt without it: then its pictures count each by itself. */
function splitLoneGroups(truth: readonly number[], groups: readonly string[], hashes: readonly string[]): string[] {
  const perLabel = new Map<number, Set<string>>();
  truth.forEach((label, i) => {
    perLabel.set(label, (perLabel.get(label) ?? new Set()).add(groups[i]));
  });
  return groups.map((group, i) => (perLabel.get(truth[i])!.size > 1 ? group : hashes[i]));
}

/**
 * Warns of what makes a model or its accuracy worse than it looks.
 *
 * @param everyLabel whether each label is learnt from its pictures alone
 * @throws RiceError TOO_FEW_PICTURES, OUT_OF_RANGE
 */
export function checkPictures(
  {labels, truth, groups, ofOnePhotograph}: TaughtPictures,
  {dataset, hashes}: HashedDataset,
  cache: PreparedCache,
  everyLabel: boolean,
  warn: (message: string) => void,
): void {
  const counts = labels.map((_, label) => new Set(groups.filter((_, i) => truth[i] === label)).size);
  const pictures = labels.map((_, label) => truth.filter((each) => each === label).length);
  const few = labels.findIndex((_, label) => everyLabel && counts[label] < LEAST_OF_LABEL);
  if (few >= 0)
    throw new RiceError(
      'TOO_FEW_PICTURES',
      `${labels[few]} has ${pictures[few] === 1 ? 'one picture' : `${pictures[few]} different pictures that can be used`}: at least ${LEAST_OF_LABEL} are needed, one to learn from and one to measure with`,
    );
  if (truth.length < LEAST)
    throw new RiceError(
      'TOO_FEW_PICTURES',
      `there are ${truth.length} pictures that can be used: at least ${LEAST} are needed`,
    );
  if (labels.length > MOST_LABELS)
    throw new RiceError(
      'OUT_OF_RANGE',
      `${labels.length} labels are too many: at most ${MOST_LABELS} can be told apart`,
    );
  warnOfDuplicates(findDuplicates(dataset, hashes), {given: true}, warn);
  const found = cache.withoutSingleGrain;
  if (found) {
    const withoutSingleGrain = Object.fromEntries(labels.map((label, i) => [label, found[i]]));
    warnOfGrains({withoutSingleGrain}, warn);
  }
  if (ofOnePhotograph.length > 0)
    warn(
      `all pictures of ${ofOnePhotograph.join(', ')} are of one photograph, so its accuracy looks better than it is: add another photograph`,
    );
  const sparse = labels.filter((_, label) => pictures[label] > 0 && pictures[label] < 10);
  if (sparse.length > 0) warn(`fewer than ten pictures of ${sparse.join(', ')}: what is measured will be uncertain`);
  if (everyLabel && Math.min(...pictures) >= ENOUGH_TO_TRAIN)
    warn(
      `${ENOUGH_TO_TRAIN} pictures of each label are enough to train a whole network, which is better: rice train DIR without --from`,
    );
}
