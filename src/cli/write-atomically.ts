import {renameSync, rmSync, statSync, writeFileSync} from 'node:fs';
import {dirname} from 'node:path';
import {fromFileSystemError, RiceError} from '../errors.ts';

/**
 * Writes a file whole or not at all: into a temporary file beside it, which then takes its name.
 *
 * @throws RiceError PATH_NOT_WRITABLE, DISK_FULL or PATH_NOT_FOUND
 */
export function writeAtomically(path: string, content: string | Uint8Array): void {
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    writeFileSync(temporary, content);
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, {force: true});
    throw fromFileSystemError(error, path, 'write');
  }
}

/** Says before the work starts that its result could not be written. */
export function checkWritable(path: string): void {
  const folder = dirname(path);
  if (!statSync(folder, {throwIfNoEntry: false})?.isDirectory())
    throw new RiceError('PATH_NOT_FOUND', `cannot write ${path}: the folder ${folder} does not exist`);
  if (statSync(path, {throwIfNoEntry: false})?.isDirectory())
    throw new RiceError('PATH_NOT_WRITABLE', `cannot write ${path}: it is a folder`);
}
