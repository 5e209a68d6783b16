import {randomBytes} from 'node:crypto';
import {existsSync, readdirSync, renameSync, rmdirSync, rmSync} from 'node:fs';
import {basename, dirname, join} from 'node:path';
import {fromFileSystemError} from '../common/errors.ts';

/** Between the name of a dataset and a random number: what is being replaced. */
const REPLACED = '.replaced-';

/**
 * Gives a finished folder its name. What has that name is replaced: an empty folder, or a dataset that is not wanted any
 * more. That keeps another name until the new one is there; see `recoverReplaced` for a kill in between.
 *
 * @throws RiceError PATH_NOT_WRITABLE; what was there is there again then
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
 * Ends what a kill has interrupted while a dataset was replaced: the old one gets its name back, or goes where the new one
 * has got it.
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
    // Who may not list the folder has left nothing in it.
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
