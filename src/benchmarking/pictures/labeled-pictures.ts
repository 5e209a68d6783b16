import {statSync} from 'node:fs';
import {join} from 'node:path';
import {defined} from '../../common/defined.ts';
import {fromFileSystemError, RiceError} from '../../common/errors.ts';
import {readPicture} from '../../dataset/read-file.ts';
import {scanDataset} from '../../dataset/scan.ts';
import type {Part} from '../../dataset/split.ts';
import {type Selection, selectFiles} from '../../evaluation/select-files.ts';
import {type DecodeOptions, useDecoded} from '../../image/decode.ts';
import type {ModelFacts} from '../model-facts.ts';

/** Labeled pictures to measure the accuracy with, and the speed. */
export interface LabeledOptions {
  dir: string;
  labelsFrom?: string | undefined;
  /** By default the test part of the split that the first of the models records, or everything if none does. */
  part?: Part | 'all' | undefined;
  /** Equally many of each label; all by default. */
  limit?: number | undefined;
}

export interface LabeledPictures extends Selection {
  part: Part | 'all';
  limit?: number;
}

/**
 * Chooses the same pictures for all models.
 *
 * @param onWarning told of a model that was trained with another split, which may have seen some of the pictures
 * @throws RiceError as `scanDataset` and `selectFiles`
 */
export async function selectLabeled(
  {dir, labelsFrom, part: asked, limit}: LabeledOptions,
  models: readonly ModelFacts[],
  {cacheDir, onWarning}: {cacheDir: string; onWarning: (message: string) => void},
): Promise<LabeledPictures> {
  const dataset = scanDataset(dir, {minimumLabels: 1, ...defined({labelsFrom})});
  for (const note of dataset.notes) onWarning(note);
  const recorded = models.find(({metadata}) => metadata);
  const part = asked ?? (recorded ? 'test' : 'all');
  const record = recorded?.metadata ?? {name: models[0].label};
  try {
    const selection = await selectFiles(dataset, record, {part, limit, cacheDir});
    if (part !== 'all') warnOfOtherSplits(models, recorded, part, onWarning);
    return {...selection, part, ...defined({limit})};
  } catch (error) {
    if (!(error instanceof RiceError) || part === 'all') throw error;
    throw new RiceError(error.code, error.message, {
      suggestions: ['Measure with all pictures: --part all.'],
      cause: error,
    });
  }
}

function warnOfOtherSplits(
  models: readonly ModelFacts[],
  recorded: ModelFacts | undefined,
  part: Part,
  onWarning: (message: string) => void,
): void {
  const splitOf = ({metadata}: ModelFacts) => metadata && JSON.stringify(metadata.training.split);
  if (!recorded) return;
  for (const model of models) {
    if (splitOf(model) === splitOf(recorded)) continue;
    const what = model.metadata ? 'was trained with another split' : 'records no split';
    onWarning(
      `${model.label} ${what}: it may have been trained on some of the pictures, which are the ${part} part of the split of ${recorded.label}`,
    );
  }
}

/** Most pictures, and most bytes of them, that the speed is measured with. */
const MOST = 256;
const MOST_BYTES = 64e6;

/**
 * Some of the selected pictures that can be decoded, spread over all; fewer of large ones.
 *
 * @throws RiceError the reason of the last one if none can be decoded
 */
export async function readSome(
  {dataset: {root, files: all}, files}: Selection,
  {maxPixels}: DecodeOptions = {},
): Promise<Uint8Array[]> {
  const spread = (count: number) =>
    Array.from({length: count}, (_, i) => join(root, all[files[Math.floor((i * files.length) / count)]].path));
  const most = Math.min(MOST, files.length);
  const bytes = spread(most).reduce((sum, path) => sum + (statSync(path, {throwIfNoEntry: false})?.size ?? 0), 0);
  const pictures: Uint8Array[] = [];
  let failure: RiceError | undefined;
  for (const path of spread(Math.max(1, Math.floor(most * Math.min(1, MOST_BYTES / bytes))))) {
    try {
      const picture = await readPicture(path);
      await useDecoded(picture, defined({maxPixels}), () => {});
      pictures.push(picture);
    } catch (error) {
      failure = fromFileSystemError(error, path, 'read');
    }
  }
  if (pictures.length === 0 && failure) throw failure;
  return pictures;
}
