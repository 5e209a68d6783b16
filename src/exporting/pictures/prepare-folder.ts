import {RiceError} from '../../common/errors.ts';
import {buildPreparedCache} from '../../dataset/cache/build-cache.ts';
import type {PreparedCache} from '../../dataset/cache/prepared-cache.ts';
import {hashDataset} from '../../dataset/hash-dataset.ts';
import {scanDataset} from '../../dataset/scan.ts';
import {type Part, type Split, splitDataset} from '../../dataset/split.ts';
import {balancedSample} from '../../evaluation/balanced-sample.ts';
import {matchLabels} from '../../evaluation/match-labels.ts';
import type {RiceMetadata} from '../../model/metadata.ts';
import type {ExportEvents} from '../types.ts';

/** How a folder is divided for a model that was not trained with such a split. */
const HALVES: Split = {seed: 0, fractions: {train: 0.5, validation: 0.5, test: 0}};

export interface PreparedFolder {
  cache: PreparedCache;
  /** The positions of the pictures of a part in the cache. */
  positions(part: Part): readonly number[];
}

/**
 * Prepares some pictures of a folder: as many of each part of the split that the model records as are asked for, chosen by their
 * content.
 *
 * @throws RiceError NO_IMAGES where a part has none; as `scanDataset`, `matchLabels` and `buildPreparedCache`
 */
export async function prepareFolder(
  path: string,
  {labels, input, training}: RiceMetadata,
  most: {calibration: number; validation: number},
  {cacheDir, events, signal}: {cacheDir: string; events: ExportEvents; signal: AbortSignal},
): Promise<PreparedFolder> {
  const scanned = scanDataset(path, {minimumLabels: 1});
  for (const note of scanned.notes) events.onWarning(note);
  matchLabels(scanned.labels, labels);
  const report =
    (phase: 'hashing' | 'preparing') =>
    ({done, total}: {done: number; total: number}) =>
      events.onPhase(phase, done, total);
  const {dataset, hashes} = await hashDataset(scanned, {cacheDir, onProgress: report('hashing'), signal});
  const {train, validation} = training.split.fractions;
  const divided = train > 0 && validation > 0;
  if (!divided)
    events.onWarning(
      'the model was made of all of its pictures: where these are among them, what is measured says nothing of other pictures',
    );
  const parts = splitDataset(dataset, hashes, divided ? training.split : HALVES);
  const chosen = {
    train: balancedSample(dataset, hashes, parts.train, most.calibration),
    validation: balancedSample(dataset, hashes, parts.validation, most.validation),
    test: [],
  };
  for (const part of ['train', 'validation'] as const)
    if (chosen[part].length === 0)
      throw new RiceError('NO_IMAGES', `none of the pictures in ${path} is in the ${part} part of the split`, {
        suggestions: ['Name a folder with more pictures, such as that which the model was trained on.'],
      });
  const files = [...chosen.train, ...chosen.validation].sort((a, b) => a - b);
  const cache = await buildPreparedCache({
    dataset: {...dataset, files: files.map((file) => dataset.files[file])},
    hashes: files.map((file) => hashes[file]),
    size: {width: input.width, height: input.height},
    wholeFrame: input.resize === 'whole-picture',
    cacheDir,
    onProgress: report('preparing'),
    signal,
  });
  const partOfPath = new Map(
    (['train', 'validation'] as const).flatMap((part) =>
      chosen[part].map((file) => [dataset.files[file].path, part] as const),
    ),
  );
  const all = Array.from({length: cache.count}, (_, position) => position);
  return {cache, positions: (part) => all.filter((position) => partOfPath.get(cache.path(position)) === part)};
}
