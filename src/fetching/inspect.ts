import {existsSync, readdirSync, statSync} from 'node:fs';
import {fromFileSystemError, RiceError} from '../common/errors.ts';
import type {Dataset} from '../dataset/dataset.ts';
import {type DatasetRecord, readDatasetRecord} from '../dataset/dataset-record.ts';
import {type HashedDataset, hashDataset} from '../dataset/hash-dataset.ts';
import {scanDataset} from '../dataset/scan.ts';
import {readFingerprint} from './fingerprint.ts';
import type {FetchEvents, FetchRequest} from './request.ts';
import {isSelection, keyOf, recordedExpectation, selectionOf} from './selection.ts';
import {type Summary, summarize} from './summarize.ts';
import type {HashedFiles, LabelledFile} from './types.ts';
import {type Expectation, withFileList} from './verification/expectation.ts';
import {RICE_IMAGE_DATASET} from './verification/published.ts';
import {hasDifferences, type Verification, verify} from './verification/verify.ts';

/** What the destination already contains. */
export type Present =
  | {kind: 'nothing'}
  /** The requested dataset; with its files if they had to be hashed. */
  | {kind: 'wanted'; summary: Summary; hashed: HashedFiles | undefined; record: DatasetRecord | undefined}
  /** A dataset, but another one or an incomplete one. */
  | {kind: 'dataset'; found: string}
  /** Something else, which must not be replaced. */
  | {kind: 'other'; found: string};

/**
 * Inspects the destination. Files that have not changed since they were last hashed are not read.
 *
 * @throws RiceError PATH_NOT_READABLE or DATASET_EXISTS; the reason of the signal
 */
export async function inspectDestination(
  request: FetchRequest,
  expectation: Expectation,
  events: Pick<FetchEvents, 'onProgress'>,
  signal: AbortSignal,
): Promise<Present> {
  const {dest, cacheDir, dvc} = request;
  if (isAbsentOrEmpty(dest)) return {kind: 'nothing'};
  const started = Date.now();
  let scanned: Dataset;
  try {
    scanned = scanDataset(dest, {minimumLabels: 1});
  } catch (error) {
    if (!(error instanceof RiceError) || error.code !== 'DATASET_LAYOUT') throw error;
    return {kind: 'other', found: error.message};
  }
  const record = readDatasetRecord(dest);
  const fingerprinted = record && !dvc ? readFingerprint(cacheDir, scanned, keyOf(request)) : undefined;
  if (fingerprinted) return {kind: 'wanted', summary: fingerprinted, hashed: undefined, record};
  const progress = ({done, total}: {done: number; total: number}) => events.onProgress('hashing', done, total);
  const hashed = await hashDataset(scanned, {cacheDir, signal, onProgress: progress});
  const files = withLabels(hashed);
  const unreadable = hashed.errors.map(({path}) => path);
  const verification = verify(files, withFileList(expectation, cacheDir), {unreadable});
  if (isSelection(request) ? isRecordedSelection(files, record, request, unreadable) : verification.verified)
    return {
      kind: 'wanted',
      summary: summarize(files, verification.digest),
      hashed: {root: scanned.root, files, started},
      record,
    };
  return {kind: 'dataset', found: describe(verification, record, expectation)};
}

function isAbsentOrEmpty(dest: string): boolean {
  try {
    if (!existsSync(dest)) return true;
    if (!statSync(dest).isDirectory())
      throw new RiceError('DATASET_EXISTS', `${dest} is a file`, {suggestions: ['Name another folder with --dest.']});
    return readdirSync(dest).length === 0;
  } catch (error) {
    throw fromFileSystemError(error, dest, 'read');
  }
}

function withLabels({dataset, hashes}: HashedDataset): LabelledFile[] {
  return dataset.files.map(({path, label, bytes, modified, changed}, i) => ({
    path,
    label: dataset.labels[label],
    bytes,
    modified,
    changed,
    ...hashes[i],
  }));
}

/** Whether the files are those of an earlier selection for the same request, unchanged and with the selected names. */
function isRecordedSelection(
  files: readonly LabelledFile[],
  record: DatasetRecord | undefined,
  request: FetchRequest,
  unreadable: readonly string[],
): boolean {
  if (!record || keyOf(selectionOf(record)) !== keyOf(request)) return false;
  const verification = verify(files, recordedExpectation(record, RICE_IMAGE_DATASET), {unreadable});
  return verification.verified && !hasDifferences(verification);
}

function describe({files, differences}: Verification, record: DatasetRecord | undefined, {title}: Expectation): string {
  if (record?.subset) return `it is a subset of ${record.subset.count} pictures (seed ${record.subset.seed})`;
  const counts = Object.entries(differences)
    .filter(([, paths]) => paths.length > 0)
    .map(([what, paths]) => `${paths.length.toLocaleString('en')} ${what}`);
  const details = counts.length > 0 ? `: ${counts.join(', ')}` : '';
  return `its ${files.toLocaleString('en')} pictures are not those of ${title}${details}`;
}
