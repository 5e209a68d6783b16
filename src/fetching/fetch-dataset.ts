import {mkdirSync, rmdirSync} from 'node:fs';
import {dirname} from 'node:path';
import {fromFileSystemError, RiceError} from '../common/errors.ts';
import {waitForLock} from '../common/files/lock-file.ts';
import {removeAbandonedFolders} from '../common/files/temporary-folder.ts';
import {acceptExisting} from './accept-existing.ts';
import {checkOverwrite} from './check-overwrite.ts';
import {checkDestination, locateDestination} from './destination.ts';
import type {FetchedDataset} from './fetched.ts';
import {fetchFromSources} from './from-sources.ts';
import {inspectDestination} from './inspect.ts';
import {recoverReplaced} from './install.ts';
import type {FetchEvents, FetchRequest} from './request.ts';
import {expectationOf} from './selection.ts';
import {RICE_IMAGE_DATASET} from './verification/published.ts';
import {locateDvcRepository} from './versioning/dvc-repository.ts';

/**
 * Fetches the dataset to its destination and verifies it, or accepts an existing one. The destination is renamed into place,
 * so a kill at any moment leaves nothing, the previous dataset, or the complete new one.
 *
 * @throws RiceError DATASET_EXISTS, SOURCE_UNAVAILABLE; the error of a single source; DISK_FULL, PATH_..., DVC_UNUSABLE,
 *   USAGE; the reason of the signal
 */
export async function fetchDataset(
  request: FetchRequest,
  events: FetchEvents,
  signal: AbortSignal,
): Promise<FetchedDataset> {
  const dest = locateDestination(request.dest);
  const installed = {...request, dest};
  const expectation = expectationOf(installed, RICE_IMAGE_DATASET);
  const {force, dvc} = request;
  // Fail before the download, not after it.
  if (dvc) locateDvcRepository(dest);
  if (!force && !dvc) {
    // A complete dataset needs no write access, not even for a lock.
    const present = await inspectDestination(installed, expectation, events, signal);
    if (present.kind === 'wanted') return acceptExisting(present, installed, expectation, events, signal);
    checkOverwrite(present, installed);
  }
  const created = makeParent(dest);
  const onWait = (owner: string, lock: string) =>
    events.onNotice(`waiting for ${owner}, which is also fetching to ${dest} (if it is not, remove ${lock})`);
  const release = await waitForLock(`${dest}.lock`, {onWait, signal});
  try {
    removeAbandonedFolders(dest);
    recoverReplaced(dest);
    const present = await inspectDestination(installed, expectation, events, signal);
    if (present.kind === 'wanted' && !force)
      return await acceptExisting(present, installed, expectation, events, signal);
    checkOverwrite(present, installed);
    checkDestination(dest);
    return await fetchFromSources(installed, expectation, events, signal);
  } finally {
    release();
    if (created !== undefined) removeEmptyFolders(dirname(dest), created);
  }
}

/** @returns the outermost folder that was created, if any */
function makeParent(dest: string): string | undefined {
  const parent = dirname(dest);
  try {
    return mkdirSync(parent, {recursive: true});
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST')
      throw new RiceError('PATH_NOT_WRITABLE', `cannot write ${dest}: ${parent} is a file`, {cause: error});
    throw fromFileSystemError(error, parent, 'write');
  }
}

/** Removes a folder and its parents up to `outermost` if they are empty. */
function removeEmptyFolders(folder: string, outermost: string): void {
  try {
    rmdirSync(folder);
    if (folder !== outermost) removeEmptyFolders(dirname(folder), outermost);
  } catch {
    // It is not empty: it contains the dataset.
  }
}
