import {execFileSync} from 'node:child_process';
import {appendFileSync, existsSync, readFileSync} from 'node:fs';
import {basename, dirname, join, resolve} from 'node:path';
import {fromFileSystemError} from '../../common/errors.ts';
import {findUpwards} from './find-upwards.ts';

/** The top folder of the git repository around a folder, or undefined; the folder need not exist. */
export function findGitTop(folder: string): string | undefined {
  // `.git` is a file in work trees and submodules.
  return findUpwards(resolve(folder), (place) => existsSync(join(place, '.git')));
}

/** Whether git ignores a path. Also false if git is not installed or fails. */
export function isGitIgnored(top: string, path: string): boolean {
  try {
    execFileSync('git', ['-C', top, 'check-ignore', '--quiet', '--', path], {stdio: 'ignore', windowsHide: true});
    return true;
  } catch {
    return false;
  }
}

/**
 * Adds a file or folder to the `.gitignore` beside it, like `dvc add`, unless it is already ignored.
 *
 * @throws RiceError PATH_NOT_READABLE, PATH_NOT_WRITABLE or DISK_FULL
 */
export function addToGitIgnore(top: string, path: string): void {
  if (isGitIgnored(top, path)) return;
  const file = join(dirname(path), '.gitignore');
  const entry = `/${basename(path).replace(/[[\]!*#?]/g, '\\$&')}`;
  try {
    const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
    if (text.split(/\r?\n/).includes(entry)) return;
    appendFileSync(file, `${text === '' || text.endsWith('\n') ? '' : '\n'}${entry}\n`);
  } catch (error) {
    throw fromFileSystemError(error, file, 'write');
  }
}
