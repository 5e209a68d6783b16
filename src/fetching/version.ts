import {setTimeout as sleep} from 'node:timers/promises';
import {FINE_STEP_MS} from '../dataset/manifest.ts';
import {scanDataset} from '../dataset/scan.ts';
import {asDataset, cacheHashes} from './cache-hashes.ts';
import type {FetchEvents, FetchRequest} from './request.ts';
import {keyOf} from './selection.ts';
import type {Summary} from './summarize.ts';
import type {HashedFiles} from './types.ts';
import {cacheFileList} from './verification/file-list.ts';
import {type DvcResult, writeDvc} from './versioning/write-dvc.ts';

/**
 * Puts a dataset that is in its place under DVC, where that is wanted, and remembers what it is for the next run.
 *
 * @throws RiceError PATH_NOT_WRITABLE, DISK_FULL, DVC_UNUSABLE; the signal's reason
 */
export async function versionDataset(
  request: FetchRequest,
  summary: Summary,
  hashed: HashedFiles,
  events: FetchEvents,
  signal: AbortSignal,
): Promise<DvcResult | undefined> {
  const {dvc, cacheDir} = request;
  const written = dvc ? await putUnderDvc(hashed, events, signal) : undefined;
  cacheFileList(cacheDir, summary.digest, hashed.files);
  // Links into DVC's cache have changed the files' status: it is looked at again, once another change would show.
  if (dvc) await sleep(FINE_STEP_MS);
  const now = dvc ? {...hashed, started: Date.now()} : hashed;
  const dataset = dvc ? scanDataset(hashed.root, {minimumLabels: 1}) : asDataset(hashed);
  cacheHashes(cacheDir, dataset, now, {summary, key: keyOf(request)});
  return written;
}

async function putUnderDvc({root, files}: HashedFiles, events: FetchEvents, signal: AbortSignal): Promise<DvcResult> {
  const onProgress = ({done, total}: {done: number; total: number}) =>
    events.onProgress('filling the DVC cache', done, total);
  const written = await writeDvc({folder: root, files, signal, onProgress});
  if (written.others.length > 0)
    events.onNotice(`DVC will call ${root} modified: it also holds ${written.others.join(', ')}`);
  return written;
}
