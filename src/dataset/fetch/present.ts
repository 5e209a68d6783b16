import type {Expectation} from '../proof/expectation.ts';
import {verifyFolder} from '../proof/verify-folder.ts';
import type {FetchedDataset} from './fetched.ts';
import type {Present} from './inspect.ts';
import {asDataset, rememberHashes} from './remember.ts';
import type {FetchEvents, FetchRequest} from './request.ts';
import {versionDataset} from './version.ts';

/**
 * What is there already is what is wanted: says so, after doing to it whatever else was asked for.
 *
 * @throws RiceError as `versionDataset`; the signal's reason
 */
export async function acceptPresent(
  {summary, hashed, record}: Extract<Present, {kind: 'wanted'}>,
  request: FetchRequest,
  expectation: Expectation,
  events: FetchEvents,
  signal: AbortSignal,
): Promise<FetchedDataset> {
  const {dest, dvc, deep, threads, cacheDir} = request;
  const origin = {source: record?.source ?? 'present', address: record?.address ?? null, title: expectation.title};
  const onProgress = ({done, total}: {done: number; total: number}) => events.onProgress('decoding', done, total);
  const errors = deep ? (await verifyFolder(dest, expectation, {deep, threads, signal, onProgress})).errors : [];
  const placed = {...summary, ...origin, whole: record?.subset?.of ?? summary.digest};
  const versions = hashed && (dvc || !record);
  const written = versions ? await versionDataset(request, placed, hashed, events, signal) : undefined;
  if (hashed && !versions) rememberHashes(cacheDir, asDataset(hashed), hashed, summary);
  return {
    ...{state: 'complete', ...origin, path: dest, verified: true, ...summary, errors, dvc: written},
    ...{differences: {missing: [], changed: [], extra: []}, differentLabels: []},
  };
}
