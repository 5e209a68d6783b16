import {lstatSync, renameSync, rmSync, unlinkSync} from 'node:fs';
import {join} from 'node:path';
import {fromFileSystemError, RiceError} from '../common/errors.ts';
import {folderSize} from '../common/files/folder-size.ts';
import {temporaryName} from '../common/files/temporary-folder.ts';
import {folderOwner} from '../training/artifact/lock.ts';
import {ARTIFACT_FOLDER} from '../training/run/run-folder.ts';
import {isRunFolder} from './list-runs.ts';

/** A run that may be removed. */
export interface RemovableRun {
  folder: string;
  bytes: number;
}

/**
 * Looks whether a folder is that of a run, also a damaged one, that nobody trains.
 *
 * @throws RiceError RUN_NOT_FOUND, RUN_BUSY
 */
export function removableRun(folder: string): RemovableRun {
  if (!isRunFolder(folder)) throw new RiceError('RUN_NOT_FOUND', `${folder} is not the folder of a training run`);
  const owner = folderOwner(folder) ?? folderOwner(join(folder, ARTIFACT_FOLDER));
  if (owner !== undefined)
    throw new RiceError('RUN_BUSY', `${folder} cannot be removed: ${owner} is training in it`, {
      suggestions: ['Stop it first, with Ctrl-C where it runs.'],
    });
  return {folder, bytes: folderSize(folder).bytes};
}

/**
 * Removes a run as a whole: under another name first, so that none is left half removed. Of a link only the link is.
 *
 * @throws RiceError RUN_NOT_FOUND, RUN_BUSY, PATH_NOT_WRITABLE
 */
export function removeRun({folder}: RemovableRun): void {
  removableRun(folder);
  try {
    if (lstatSync(folder).isSymbolicLink()) {
      unlinkSync(folder);
      return;
    }
    const leaving = temporaryName(folder);
    renameSync(folder, leaving);
    rmSync(leaving, {recursive: true, force: true});
  } catch (error) {
    throw fromFileSystemError(error, folder, 'write');
  }
}
