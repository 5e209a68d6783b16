import {existsSync, renameSync, rmdirSync, rmSync} from 'node:fs';
import {fromFileSystemError} from '../../errors.ts';
import {temporaryName} from '../temporary-folder.ts';

/**
 * Gives a finished folder its name. What has that name is replaced: an empty folder, or a dataset that is not wanted any
 * more, which is there until the new one is.
 *
 * @throws RiceError PATH_NOT_WRITABLE; what was there is there again then
 */
export function placeFolder(finished: string, dest: string): void {
  const old = temporaryName(dest);
  try {
    const replaces = existsSync(dest) && !removeEmpty(dest);
    if (replaces) renameSync(dest, old);
    try {
      renameSync(finished, dest);
    } catch (error) {
      if (replaces) renameSync(old, dest);
      throw error;
    }
    if (replaces) rmSync(old, {recursive: true, force: true});
  } catch (error) {
    throw fromFileSystemError(error, dest, 'write');
  }
}

function removeEmpty(folder: string): boolean {
  try {
    rmdirSync(folder);
    return true;
  } catch {
    return false;
  }
}
