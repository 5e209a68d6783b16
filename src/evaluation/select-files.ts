import {RiceError} from '../common/errors.ts';
import type {Dataset} from '../dataset/dataset.ts';
import type {FileHash} from '../dataset/digest.ts';
import type {FileError} from '../dataset/file-error.ts';
import {hashDataset} from '../dataset/hash-dataset.ts';
import {DEFAULT_FRACTIONS, type Part, type Split, splitDataset} from '../dataset/split.ts';
import type {ModelMetadata} from '../model/metadata.ts';
import {balancedSample} from './balanced-sample.ts';

export interface SelectOptions {
  /** The part of the model's split, or all pictures. */
  part: Part | 'all';
  /** The number of files to evaluate, balanced by label; all by default. */
  limit?: number | undefined;
  /** The folder of the hash cache. */
  cacheDir: string;
  onProgress?: (progress: {done: number; total: number}) => void;
}

export interface Selection {
  /** The dataset without unreadable files. */
  dataset: Dataset;
  /** Indices of the chosen files. */
  files: number[];
  errors: FileError[];
}

/** What a model says of its own split. */
export type SplitRecord = Pick<ModelMetadata, 'name' | 'training'>;

/**
 * Chooses the files of a dataset to evaluate. The content of a file decides its part and whether the limit includes it, so
 * the same dataset gives the same files, whatever their names.
 *
 * @throws RiceError MODEL_METADATA if the model records no split, NO_IMAGES if the part has no images
 */
export async function selectFiles(dataset: Dataset, model: SplitRecord, options: SelectOptions): Promise<Selection> {
  const {part, limit, cacheDir, onProgress} = options;
  const split = part === 'all' ? undefined : splitOf(model, dataset, part);
  if (!split && limit === undefined) return {dataset, files: dataset.files.map((_, i) => i), errors: []};
  const hashed = await hashDataset(dataset, {cacheDir, ...(onProgress ? {onProgress} : {})});
  const candidates = part === 'all' ? hashed.dataset.files.map((_, i) => i) : partOfSplit(hashed, split!, part);
  const files = limit === undefined ? candidates : balancedSample(hashed.dataset, hashed.hashes, candidates, limit);
  return {dataset: hashed.dataset, files, errors: hashed.errors};
}

/** Only asked where a dataset brings no validation part: then what training would take for it. */
const OWN_SPLIT: Split = {seed: 0, fractions: DEFAULT_FRACTIONS};

const OMIT_PART = {suggestions: ['Omit --part to evaluate all pictures.']};

/** A dataset with a split of its own is divided by that, every other by what the model records. */
function splitOf({name, training}: SplitRecord, dataset: Dataset, part: Part): Split {
  if (dataset.files.some((file) => file.part !== undefined)) return training?.split ?? OWN_SPLIT;
  if (!training)
    throw new RiceError(
      'MODEL_METADATA',
      `the model ${name} records no split, so its ${part} part is unknown`,
      OMIT_PART,
    );
  if (training.split.given)
    throw new RiceError(
      'MODEL_METADATA',
      `the model ${name} was trained with the split that its dataset brought, which ${dataset.root} does not have`,
      {suggestions: [`Name the folder with the parts, such as train and ${part}, or the folder of the ${part} part.`]},
    );
  if (training.split.fractions[part] > 0) return training.split;
  const message = `the model was trained without a ${part} part: its split gives it no pictures`;
  throw new RiceError('NO_IMAGES', message, OMIT_PART);
}

function partOfSplit({dataset, hashes}: {dataset: Dataset; hashes: FileHash[]}, split: Split, part: Part): number[] {
  const files = splitDataset(dataset, hashes, split)[part];
  if (files.length > 0) return files;
  const message = `none of the pictures in ${dataset.root} is in the ${part} part of the split`;
  throw new RiceError('NO_IMAGES', message, OMIT_PART);
}
