import {join} from 'node:path';
import {RiceError} from '../../src/common/errors.ts';
import type {Dataset} from '../../src/dataset/dataset.ts';
import type {Classifier, ClassifierOptions} from '../../src/model/classifier.ts';
import {classifyPictures} from '../../src/prediction/classify-pictures.ts';

/** A model's answers to the pictures in one folder, none of which shows one of its labels. */
export interface UnknownRow {
  /** The folder's name. */
  name: string;
  /** Number of answered pictures. */
  images: number;
  /** Number of pictures answered unknown. */
  rejected: number;
  /** The same by reason. */
  reasons: Record<string, number>;
  /** The predicted labels of the others. */
  taken: Record<string, number>;
}

/**
 * @param dataset pictures labeled by what they show
 * @returns one row per label of the dataset
 * @throws RiceError NO_IMAGES if no picture of a sub-folder could be classified
 */
export async function measureUnknown(
  classifier: Classifier,
  load: ClassifierOptions,
  {root, labels, files}: Dataset,
  onProgress: (progress: {done: number}) => void,
): Promise<UnknownRow[]> {
  const rows = labels.map((name): UnknownRow => ({name, images: 0, rejected: 0, reasons: {}, taken: {}}));
  const source = async function* () {
    yield files.map(({path}) => ({path: join(root, path)}));
  };
  let done = 0;
  for await (const batch of classifyPictures(classifier, source(), {load})) {
    for (const {answer} of batch) {
      const row = rows[files[done++].label];
      if (!(answer instanceof RiceError)) count(row, answer);
    }
    onProgress({done});
  }
  const empty = rows.find(({images}) => images === 0);
  if (empty) throw new RiceError('NO_IMAGES', `none of the images in ${join(root, empty.name)} could be classified`);
  return rows;
}

function count(row: UnknownRow, {known, reason, label}: {known: boolean; reason?: string; label: string}): void {
  row.images += 1;
  if (!known) row.rejected += 1;
  const [counts, name] = known ? [row.taken, label] : [row.reasons, reason ?? 'no reason given'];
  counts[name] = (counts[name] ?? 0) + 1;
}

/** The total of all rows. */
export function totalOf(name: string, rows: readonly UnknownRow[]): UnknownRow {
  const total: UnknownRow = {name, images: 0, rejected: 0, reasons: {}, taken: {}};
  for (const row of rows) {
    total.images += row.images;
    total.rejected += row.rejected;
    for (const key of ['reasons', 'taken'] as const)
      for (const [value, pictures] of Object.entries(row[key])) total[key][value] = (total[key][value] ?? 0) + pictures;
  }
  return total;
}
