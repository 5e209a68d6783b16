import {randomBytes} from 'node:crypto';
import {existsSync, readdirSync, renameSync, rmdirSync, rmSync} from 'node:fs';
import {basename, dirname, join} from 'node:path';
import {fromFileSystemError} from '../common/errors.ts';

/** Name part of the old dataset during a replacement, before a random number. */
const REPLACED = '.replaced-';

/**
 * Renames a finished folder to its destination, replacing an empty folder or an old dataset. The old dataset is renamed
 * first and removed at the end; see `recoverReplaced` for a kill in between.
 *
 * @throws RiceError PATH_NOT_WRITABLE, after the old dataset was restored
 */
export function installFolder(finished: string, dest: string): void {
  const old = `${dest}${REPLACED}${randomBytes(4).toString('hex')}`;
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

/**
 * Cleans up after a kill during a replacement: the old dataset is renamed back, or removed if the new one is in place.
 *
 * @throws RiceError PATH_NOT_WRITABLE
 */
export function recoverReplaced(dest: string): void {
  const begin = `${basename(dest)}${REPLACED}`;
  try {
    for (const name of readdirSync(dirname(dest)).filter((name) => name.startsWith(begin))) {
      const old = join(dirname(dest), name);
      if (existsSync(dest)) rmSync(old, {recursive: true, force: true});
      else renameSync(old, dest);
    }
  } catch (error) {
    const {code} = error as NodeJS.ErrnoException;
    // Without permission to list the folder, no earlier run can have left anything in it.
    if (code !== 'EACCES' && code !== 'EPERM') throw fromFileSystemError(error, dest, 'write');
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
