import {RiceError} from '../common/errors.ts';
import type {Dataset} from '../dataset/dataset.ts';
import type {FileHash} from '../dataset/digest.ts';
import type {FileError} from '../dataset/file-error.ts';
import {hashDataset} from '../dataset/hash-dataset.ts';
import {DEFAULT_FRACTIONS, type Part, type Split, splitDataset} from '../dataset/split.ts';
import type {ModelMetadata} from '../model/metadata.ts';
import {balancedSample} from './balanced-sample.ts';

export interface SelectOptions {
  /** The part of the model's split, or all of it. */
  part: Part | 'all';
  /** How many files to look at, balanced by label; all when left out. */
  limit?: number | undefined;
  /** Where hashes are remembered. */
  cacheDir: string;
  onProgress?: (progress: {done: number; total: number}) => void;
}

export interface Selection {
  /** The dataset without the files that could not be read. */
  dataset: Dataset;
  /** Indices of the files that were chosen. */
  files: number[];
  errors: FileError[];
}

/**
 * The files of a dataset that are to be evaluated. Which part a file is in, and whether it is among those of a limit,
 * follows from its content: the same dataset gives the same files, whatever they are called.
 *
 * @throws RiceError MODEL_METADATA where the model records no split, NO_IMAGES where the part has no images
 */
export async function selectFiles(dataset: Dataset, model: ModelMetadata, options: SelectOptions): Promise<Selection> {
  const {part, limit, cacheDir, onProgress} = options;
  const split = part === 'all' ? undefined : splitOf(model, dataset, part);
  if (!split && limit === undefined) return {dataset, files: dataset.files.map((_, i) => i), errors: []};
  const hashed = await hashDataset(dataset, {cacheDir, ...(onProgress ? {onProgress} : {})});
  const whole = part === 'all' ? hashed.dataset.files.map((_, i) => i) : partOfSplit(hashed, split!, part);
  const files = limit === undefined ? whole : balancedSample(hashed.dataset, hashed.hashes, whole, limit);
  return {dataset: hashed.dataset, files, errors: hashed.errors};
}

/** Only asked where a dataset brings no validation part: then what training would take for it. */
const OWN_SPLIT: Split = {seed: 0, fractions: DEFAULT_FRACTIONS};

const ALL_IMAGES = {suggestions: ['Leave --part out to evaluate all images.']};

/** A dataset with a split of its own is divided by that, every other by what the model records. */
function splitOf({name, training}: ModelMetadata, dataset: Dataset, part: Part): Split {
  if (dataset.files.some((file) => file.part !== undefined)) return training?.split ?? OWN_SPLIT;
  if (!training)
    throw new RiceError(
      'MODEL_METADATA',
      `the model ${name} records no split: which pictures are its ${part} part is not known`,
      ALL_IMAGES,
    );
  if (training.split.given)
    throw new RiceError(
      'MODEL_METADATA',
      `the model ${name} was trained with the split that its dataset brought, which ${dataset.root} does not have`,
      {suggestions: [`Name the folder with the parts, such as train and ${part}, or the folder of the ${part} part.`]},
    );
  if (training.split.fractions[part] > 0) return training.split;
  const message = `the model was trained without a ${part} part: its split gives it no images`;
  throw new RiceError('NO_IMAGES', message, ALL_IMAGES);
}

function partOfSplit({dataset, hashes}: {dataset: Dataset; hashes: FileHash[]}, split: Split, part: Part): number[] {
  const files = splitDataset(dataset, hashes, split)[part];
  if (files.length > 0) return files;
  const message = `none of the images in ${dataset.root} is in the ${part} part of the split`;
  throw new RiceError('NO_IMAGES', message, ALL_IMAGES);
}
