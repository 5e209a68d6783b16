import {join} from 'node:path';
import {defined} from '../../common/defined.ts';
import {RiceError} from '../../common/errors.ts';
import {readPicture} from '../../dataset/read-file.ts';
import {scanDataset} from '../../dataset/scan.ts';
import type {Part} from '../../dataset/split.ts';
import {type Selection, selectFiles} from '../../evaluation/select-files.ts';
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
  for (const model of models)
    if (recorded && splitOf(model) !== splitOf(recorded))
      onWarning(
        `${model.label} ${model.metadata ? 'was trained with another split' : 'records no split'} than ${recorded.label}, whose ${part} part is measured: it may have been trained on some of these pictures`,
      );
}

/** Most pictures, and most bytes of them, that the speed is measured with. */
const MOST = 256;
const MOST_BYTES = 64e6;

/** Some of the selected pictures, spread over all. */
export async function readSome({dataset: {root, files: all}, files}: Selection): Promise<Uint8Array[]> {
  const count = Math.min(MOST, files.length);
  const pictures: Uint8Array[] = [];
  let bytes = 0;
  for (let i = 0; i < count; i++) {
    const {path} = all[files[Math.floor((i * files.length) / count)]];
    const picture = await readPicture(join(root, path));
    bytes += picture.length;
    if (bytes > MOST_BYTES && pictures.length > 0) break;
    pictures.push(picture);
  }
  return pictures;
}
