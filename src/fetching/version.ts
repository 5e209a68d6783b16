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
 * Tracks an installed dataset with DVC, if requested, and caches its hashes for the next run.
 *
 * @throws RiceError PATH_NOT_WRITABLE, DISK_FULL, DVC_UNUSABLE; the reason of the signal
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
  // Links into DVC's cache changed the ctime of the files, so it is read again, after a pause in which times advance.
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
    events.onNotice(`DVC will report ${root} as modified: it also contains ${written.others.join(', ')}`);
  return written;
}
