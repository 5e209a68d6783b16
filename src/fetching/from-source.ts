import {existsSync, rmSync} from 'node:fs';
import {RiceError} from '../common/errors.ts';
import {removeDatasetRecord} from '../dataset/dataset-record.ts';
import type {FetchedDataset} from './fetched.ts';
import {installFolder} from './install.ts';
import {recordDataset} from './record.ts';
import type {FetchEvents, FetchRequest} from './request.ts';
import {isSelection, titleOf} from './selection.ts';
import type {Source} from './sources/source.ts';
import {summarize} from './summarize.ts';
import {type Unpacked, unpackSource} from './unpack-source.ts';
import type {Expectation} from './verification/expectation.ts';
import {versionDataset} from './version.ts';

/**
 * Fetches the dataset from one source. The download is removed after a successful installation or if it is unusable.
 * Otherwise it stays in the cache for the next run. It also stays if the verification failed for the only source, because
 * the user may then expect its digest with --digest.
 *
 * @throws RiceError like `Source.open`, `unpackSource`, `installFolder` and `versionDataset`; the reason of the signal
 */
export async function fetchFromSource(
  source: Source,
  request: FetchRequest,
  expectation: Expectation,
  events: FetchEvents,
  signal: AbortSignal,
): Promise<FetchedDataset> {
  const {cacheDir, retries, timeout, limits} = request;
  const opened = await source.open({
    cacheDir,
    retries,
    timeout,
    limits,
    signal,
    onNotice: (message) => events.onNotice(message),
    onDownload: ({done, total}) => events.onProgress('downloading', done, total),
    onReading: ({done, total}) => events.onProgress('reading', done, total),
  });
  let fate: 'keep' | 'remove' = 'keep';
  try {
    const unpacked = await unpackSource(opened.container, expectation, request, events, signal);
    const origin = {source: source.name, address: opened.address, title: titleOf(request, expectation)};
    if (!unpacked.verification.verified) {
      if (request.sources.length > 1) fate = 'remove';
      return failedVerification(origin, unpacked);
    }
    const fetched = await install(origin, unpacked, request, events, signal);
    fate = 'remove';
    return fetched;
  } catch (error) {
    if (error instanceof RiceError && error.code.startsWith('ARCHIVE_')) fate = 'remove';
    throw error;
  } finally {
    opened.close(fate);
  }
}

async function install(
  origin: Pick<FetchedDataset, 'source' | 'title'> & {address: string},
  {verification, written, errors, folder}: Unpacked,
  request: FetchRequest,
  events: FetchEvents,
  signal: AbortSignal,
): Promise<FetchedDataset> {
  const {dest} = request;
  const summary = summarize(written, isSelection(request) ? undefined : verification.digest);
  try {
    // The record comes first: after a kill, a record without a folder is harmless, but a selection needs its record.
    await recordDataset(request, {...summary, ...origin, whole: verification.digest}, signal);
    installFolder(folder, dest);
  } catch (error) {
    rmSync(folder, {recursive: true, force: true});
    if (!existsSync(dest)) await removeDatasetRecord(dest);
    throw error;
  }
  const hashed = {root: dest, files: written, started: Date.now()};
  const dvc = await versionDataset(request, summary, hashed, events, signal);
  const {differences, differentLabels} = verification;
  return {
    state: 'fetched',
    ...origin,
    path: dest,
    verified: true,
    ...summary,
    differences,
    differentLabels,
    errors,
    dvc,
  };
}

/** Nothing is installed, because a folder at the destination would be mistaken for the dataset. */
function failedVerification(
  origin: Pick<FetchedDataset, 'source' | 'title'> & {address: string},
  unpacked: Unpacked,
): FetchedDataset {
  const {verification, written, errors, folder} = unpacked;
  rmSync(folder, {recursive: true, force: true});
  const {duplicates} = summarize(written, verification.digest);
  return {state: 'unproved', ...origin, path: null, ...verification, duplicates, errors, dvc: undefined};
}
