import {mkdirSync, rmdirSync} from 'node:fs';
import {dirname, resolve} from 'node:path';
import {fromFileSystemError, RiceError} from '../../errors.ts';
import {waitForLock} from '../lock-file.ts';
import {removeAbandonedFolders} from '../temporary-folder.ts';
import {locateDvcRepository} from '../versioning/dvc-repository.ts';
import {expectationOf} from './expect.ts';
import type {FetchedDataset} from './fetched.ts';
import {fetchFromSources} from './from-sources.ts';
import {inspectDestination, type Present} from './inspect.ts';
import {acceptPresent} from './present.ts';
import type {FetchEvents, FetchRequest} from './request.ts';

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
  const dest = resolve(request.dest);
  const placed = {...request, dest};
  // That this fails should be known before the download, not after.
  if (request.dvc) locateDvcRepository(dest);
  const made = makeParent(dest);
  const onWait = (owner: string) => events.onNotice(`${owner} is fetching to ${dest} as well; waiting for it`);
  const release = await waitForLock(`${dest}.lock`, {onWait, signal});
  try {
    removeAbandonedFolders(dest);
    const expectation = expectationOf(placed);
    const present = await inspectDestination(placed, expectation, events, signal);
    if (present.kind === 'wanted' && !request.force)
      return await acceptPresent(present, placed, expectation, events, signal);
    refuseOther(dest, present, request.force);
    return await fetchFromSources(placed, expectation, events, signal);
  } finally {
    release();
    if (made !== undefined) removeEmptyFolders(dirname(dest), made);
  }
}

/** @returns the outermost folder that had to be made, if one had to be */
function makeParent(dest: string): string | undefined {
  try {
    return mkdirSync(dirname(dest), {recursive: true});
  } catch (error) {
    throw fromFileSystemError(error, dirname(dest), 'write');
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

/** Only a dataset is replaced, and only by --force: whatever else is there may be somebody's only copy. */
function refuseOther(dest: string, present: Present, force: boolean): void {
  if (present.kind === 'other')
    throw new RiceError('DATASET_EXISTS', `${dest} is there already, and is no dataset: ${present.found}`, {
      suggestions: ['Name another place with --dest.'],
    });
  if (present.kind === 'dataset' && !force)
    throw new RiceError('DATASET_EXISTS', `${dest} is there already, but ${present.found}`, {
      suggestions: [
        'Replace it with --force, or name another place with --dest.',
        'See in detail what is different: rice fetch-data --verify.',
      ],
    });
}
