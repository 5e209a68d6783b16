import {byCodePoint} from '../common/code-point-order.ts';
import {type DatasetRecord, readDatasetRecord, writeDatasetRecord} from '../dataset/dataset-record.ts';
import type {FetchedDataset} from './fetched.ts';
import type {FetchRequest} from './request.ts';
import {isSelection, keyOf, selectionOf} from './selection.ts';
import {RICE_IMAGE_DATASET} from './verification/published.ts';

/** The facts about a dataset that is installed or about to be. */
export type InstalledDataset = Pick<
  FetchedDataset,
  'source' | 'address' | 'digest' | 'files' | 'bytes' | 'labels' | 'duplicates'
> & {
  /** DVC's digest of the whole dataset that it was selected from. */
  whole: string;
};

/**
 * Writes the record beside a dataset, unless it already exists.
 *
 * @throws RiceError PATH_NOT_WRITABLE, DISK_FULL; the reason of the signal
 */
export async function recordDataset(
  request: FetchRequest,
  installed: InstalledDataset,
  signal: AbortSignal,
): Promise<void> {
  const known = readDatasetRecord(request.dest);
  if (
    known?.digest === installed.digest &&
    known.source === installed.source &&
    keyOf(selectionOf(known)) === keyOf(request)
  )
    return;
  await writeDatasetRecord(request.dest, recordOf(request, installed), signal);
}

function recordOf(request: FetchRequest, installed: InstalledDataset): DatasetRecord {
  const {labels: only, subset, version} = request;
  const {source, address, digest, files, bytes, labels, duplicates, whole} = installed;
  const {citations, licence} = RICE_IMAGE_DATASET;
  return {
    source,
    address,
    date: new Date().toISOString(),
    digest,
    files,
    bytes,
    labels,
    verified: request.digest === undefined ? 'published' : 'expected',
    subset: subset ?? null,
    only: only ? [...only].sort(byCodePoint) : null,
    of: isSelection(request) ? whole : null,
    duplicates: duplicates.reduce((total, {paths}) => total + paths.length - 1, 0),
    citation: citations[0],
    licence,
    rice: version,
  };
}
