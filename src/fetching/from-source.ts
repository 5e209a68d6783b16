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
 * Fetches the dataset from one source. What was downloaded is removed once it is in its place, and where it is of no use.
 * It stays in the cache for the next run after anything else, and where the proof failed for the only source that was
 * named: the user may say next that this is what was meant.
 *
 * @throws RiceError as `Source.open`, `unpackSource`, `installFolder` and `versionDataset`; the signal's reason
 */
export async function fetchFromSource(
  source: Source,
  request: FetchRequest,
  expectation: Expectation,
  events: FetchEvents,
  signal: AbortSignal,
): Promise<FetchedDataset> {
  const {cacheDir, retries, timeout} = request;
  const opened = await source.open({
    cacheDir,
    retries,
    timeout,
    signal,
    onNotice: (message) => events.onNotice(message),
    onDownload: ({done, total}) => events.onProgress('downloading', done, total),
    onReading: ({done, total}) => events.onProgress('reading', done, total),
  });
  let fate: 'keep' | 'remove' = 'keep';
  try {
    const unpacked = await unpackSource(opened.container, expectation, request, events, signal);
    const origin = {source: source.name, address: opened.address, title: titleOf(request, expectation)};
    if (!unpacked.proof.verified) {
      if (request.sources.length > 1) fate = 'remove';
      return unproved(origin, unpacked);
    }
    const fetched = await deliver(origin, unpacked, request, events, signal);
    fate = 'remove';
    return fetched;
  } catch (error) {
    if (error instanceof RiceError && error.code.startsWith('ARCHIVE_')) fate = 'remove';
    throw error;
  } finally {
    opened.close(fate);
  }
}

async function deliver(
  origin: Pick<FetchedDataset, 'source' | 'title'> & {address: string},
  {proof, written, errors, folder}: Unpacked,
  request: FetchRequest,
  events: FetchEvents,
  signal: AbortSignal,
): Promise<FetchedDataset> {
  const {dest} = request;
  const summary = summarize(written, isSelection(request) ? undefined : proof.digest);
  try {
    // Killed in between, a record of nothing does no harm; a choice without its record would be taken for something else.
    await recordDataset(request, {...summary, ...origin, whole: proof.digest}, signal);
    installFolder(folder, dest);
  } catch (error) {
    rmSync(folder, {recursive: true, force: true});
    if (!existsSync(dest)) await removeDatasetRecord(dest);
    throw error;
  }
  const hashed = {root: dest, files: written, started: Date.now()};
  const dvc = await versionDataset(request, summary, hashed, events, signal);
  const {differences, differentLabels} = proof;
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

/** Nothing is installed: a folder of that name would be taken for the dataset. */
function unproved(
  origin: Pick<FetchedDataset, 'source' | 'title'> & {address: string},
  unpacked: Unpacked,
): FetchedDataset {
  const {proof, written, errors, folder} = unpacked;
  rmSync(folder, {recursive: true, force: true});
  const {duplicates} = summarize(written, proof.digest);
  return {state: 'unproved', ...origin, path: null, ...proof, duplicates, errors, dvc: undefined};
}
