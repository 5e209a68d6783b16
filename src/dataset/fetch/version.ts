import {setTimeout as sleep} from 'node:timers/promises';
import {FINE_STEP_MS} from '../manifest.ts';
import {rememberFileList} from '../proof/file-list.ts';
import {RICE_IMAGE_DATASET} from '../proof/published.ts';
import {scanDataset} from '../scan.ts';
import {type DatasetRecord, readDatasetRecord, writeDatasetRecord} from '../versioning/dataset-record.ts';
import {type DvcResult, writeDvc} from '../versioning/write-dvc.ts';
import {verifiedBy} from './expect.ts';
import type {FetchedDataset} from './fetched.ts';
import type {HashedFiles} from './inspect.ts';
import {asDataset, rememberHashes} from './remember.ts';
import type {FetchEvents, FetchRequest} from './request.ts';
import type {Summary} from './summarize.ts';

/** What is known of a dataset that is in its place. */
export type Placed = Pick<
  FetchedDataset,
  'source' | 'address' | 'digest' | 'files' | 'bytes' | 'labels' | 'duplicates'
> & {
  /** DVC's digest of what a subset was drawn from. */
  whole: string;
};

/**
 * Writes down what a dataset is: beside it for people and for training, in the cache for the next run, and in a DVC
 * repository where that is wanted.
 *
 * @throws RiceError PATH_NOT_WRITABLE, DISK_FULL, DVC_UNUSABLE; the signal's reason
 */
export async function versionDataset(
  request: FetchRequest,
  placed: Placed,
  hashed: HashedFiles,
  events: FetchEvents,
  signal: AbortSignal,
): Promise<DvcResult | undefined> {
  const {dest, dvc, cacheDir} = request;
  const {digest, files, bytes, labels, duplicates} = placed;
  const known = readDatasetRecord(dest);
  if (known?.digest !== digest || known.source !== placed.source)
    await writeDatasetRecord(dest, recordOf(request, placed), signal);
  const progress = ({done, total}: {done: number; total: number}) =>
    events.onProgress('filling the DVC cache', done, total);
  const written = dvc
    ? await writeDvc({folder: hashed.root, files: hashed.files, signal, onProgress: progress})
    : undefined;
  if (written && written.others.length > 0)
    events.onNotice(`DVC will call ${dest} modified: it also holds ${written.others.join(', ')}`);
  rememberFileList(cacheDir, digest, hashed.files);
  const summary = {digest, files, bytes, labels, duplicates};
  if (dvc) await rememberLinked(cacheDir, hashed, summary);
  else rememberHashes(cacheDir, asDataset(hashed), hashed, summary);
  return written;
}

/** Links into DVC's cache have changed the files' status: it is looked at again, once another change would show. */
async function rememberLinked(cacheDir: string, hashed: HashedFiles, summary: Summary): Promise<void> {
  await sleep(FINE_STEP_MS);
  const started = Date.now();
  rememberHashes(cacheDir, scanDataset(hashed.root, {minimumLabels: 1}), {...hashed, started}, summary);
}

function recordOf(request: FetchRequest, placed: Placed): DatasetRecord {
  const {labels: only, subset, version} = request;
  const {source, address, digest, files, bytes, labels, duplicates, whole} = placed;
  const {citations, licence} = RICE_IMAGE_DATASET;
  return {
    ...{source, address, date: new Date().toISOString(), digest, files, bytes, labels},
    verified: verifiedBy(request),
    subset: subset ? {...subset, of: whole} : null,
    only: only ? [...only] : null,
    duplicates: duplicates.reduce((total, {paths}) => total + paths.length - 1, 0),
    ...{citation: citations[0], licence, rice: version},
  };
}
