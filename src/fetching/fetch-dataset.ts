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
 * Brings the dataset to its destination and proves it, or finds that it is there already. The destination appears by a
 * rename: killed at any moment, this leaves nothing there, what was there before, or all of it.
 *
 * @throws RiceError DATASET_EXISTS, SOURCE_UNAVAILABLE; with a single source, what that failed with; DISK_FULL, PATH_...,
 *   DVC_UNUSABLE, USAGE; the signal's reason
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
  // That these fail should be known before the download, not after.
  if (dvc) locateDvcRepository(dest);
  if (!force && !dvc) {
    // Where all is there, nothing has to be written: not even a lock.
    const present = await inspectDestination(installed, expectation, events, signal);
    if (present.kind === 'wanted') return acceptExisting(present, installed, expectation, events, signal);
    checkOverwrite(present, installed);
  }
  const made = makeParent(dest);
  const onWait = (owner: string, lock: string) =>
    events.onNotice(`${owner} is fetching to ${dest} as well; waiting for it (if it is not, remove ${lock})`);
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
    if (made !== undefined) removeEmptyFolders(dirname(dest), made);
  }
}

/** @returns the outermost folder that had to be made, if one had to be */
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

/** Removes a folder and those around it up to `outermost`, as far as nothing came into them. */
function removeEmptyFolders(folder: string, outermost: string): void {
  try {
    rmdirSync(folder);
    if (folder !== outermost) removeEmptyFolders(dirname(folder), outermost);
  } catch {
    // It holds the dataset.
  }
}
