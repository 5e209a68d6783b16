import {RiceError} from '../common/errors.ts';
import {asDataset, cacheHashes} from './cache-hashes.ts';
import type {FetchedDataset} from './fetched.ts';
import type {Present} from './inspect.ts';
import {type InstalledDataset, recordDataset} from './record.ts';
import type {FetchEvents, FetchRequest} from './request.ts';
import {keyOf, titleOf} from './selection.ts';
import type {Expectation} from './verification/expectation.ts';
import {verifyFolder} from './verification/verify-folder.ts';
import {versionDataset} from './version.ts';

/**
 * Accepts an existing dataset that matches the request, after the other requested work: decoding, recording, DVC.
 *
 * @throws RiceError like `versionDataset`; the reason of the signal
 */
export async function acceptExisting(
  {summary, hashed, record}: Extract<Present, {kind: 'wanted'}>,
  request: FetchRequest,
  expectation: Expectation,
  events: FetchEvents,
  signal: AbortSignal,
): Promise<FetchedDataset> {
  const {dest, dvc, deep, threads, cacheDir} = request;
  const title = titleOf(request, expectation);
  const origin = {source: record?.source ?? 'present', address: record?.address ?? null, title};
  const onProgress = ({done, total}: {done: number; total: number}) => events.onProgress('decoding', done, total);
  const errors = deep ? (await verifyFolder(dest, expectation, {deep, threads, signal, onProgress})).errors : [];
  const installed = {...summary, ...origin, whole: record?.of ?? summary.digest};
  await recordIfPossible(request, installed, events, signal);
  const written = hashed && dvc ? await versionDataset(request, summary, hashed, events, signal) : undefined;
  if (hashed && !dvc) cacheHashes(cacheDir, asDataset(hashed), hashed, {summary, key: keyOf(request)});
  return {
    state: 'complete',
    ...origin,
    path: dest,
    verified: true,
    ...summary,
    errors,
    dvc: written,
    differences: {missing: [], changed: [], extra: []},
    differentLabels: [],
  };
}

/** A record that cannot be written is not an error: the dataset may be in a read-only folder. */
async function recordIfPossible(
  request: FetchRequest,
  installed: InstalledDataset,
  events: FetchEvents,
  signal: AbortSignal,
): Promise<void> {
  try {
    await recordDataset(request, installed, signal);
  } catch (error) {
    if (!(error instanceof RiceError) || error.code !== 'PATH_NOT_WRITABLE') throw error;
    events.onNotice(`the record of the dataset could not be written: ${error.message}`);
  }
}
