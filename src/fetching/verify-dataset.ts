import {resolve} from 'node:path';
import {type DatasetRecord, readDatasetRecord} from '../dataset/dataset-record.ts';
import type {FetchedDataset} from './fetched.ts';
import type {FetchEvents, FetchRequest} from './request.ts';
import {expectationOf, recordedExpectation} from './selection.ts';
import {type Expectation, withFileList} from './verification/expectation.ts';
import {RICE_IMAGE_DATASET} from './verification/published.ts';
import {verifyFolder} from './verification/verify-folder.ts';

/**
 * Reads every file of a folder and compares it with the requested digest or labels, else with its record, else with the
 * whole published dataset.
 *
 * @throws RiceError PATH_NOT_FOUND, PATH_NOT_READABLE or DATASET_LAYOUT; the reason of the signal
 */
export async function verifyDataset(
  folder: string,
  request: Pick<FetchRequest, 'digest' | 'labels' | 'deep' | 'threads' | 'cacheDir'>,
  events: Pick<FetchEvents, 'onProgress'>,
  signal: AbortSignal,
): Promise<FetchedDataset> {
  const {deep, threads, cacheDir} = request;
  const record = readDatasetRecord(folder);
  const expectation = withFileList(expectationFor(request, record), cacheDir);
  const progress = ({done, total}: {done: number; total: number}) => events.onProgress('hashing', done, total);
  const {read, root, ...verification} = await verifyFolder(folder, expectation, {
    deep,
    threads,
    signal,
    onProgress: progress,
  });
  return {
    ...verification,
    title: expectation.title,
    state: verification.verified ? 'verified' : 'unproved',
    source: record?.source ?? 'present',
    address: record?.address ?? null,
    path: resolve(folder),
    dvc: undefined,
  };
}

function expectationFor(
  {digest, labels}: Pick<FetchRequest, 'digest' | 'labels'>,
  record: DatasetRecord | undefined,
): Expectation {
  // --digest is the digest of the whole dataset, even if only a part of it was selected.
  const recorded = record && (digest === undefined || digest === record.of);
  if (recorded && labels === undefined) return recordedExpectation(record, RICE_IMAGE_DATASET);
  return expectationOf({digest, labels, subset: undefined}, RICE_IMAGE_DATASET);
}
