import {closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync} from 'node:fs';
import {fromFileSystemError} from '../../errors.ts';

/**
 * Writes a file so that it is there whole or not at all, whatever happens on the way: to a temporary name, to the disk,
 * then renamed.
 *
 * @throws RiceError DISK_FULL, PATH_NOT_WRITABLE or PATH_NOT_FOUND
 */
export function writeFileAtomically(path: string, data: Uint8Array | string): void {
  const temporary = `${path}.${process.pid}.tmp`;
  const bytes = typeof data === 'string' ? Buffer.from(data) : data;
  try {
    const file = openSync(temporary, 'w');
    try {
      for (let done = 0; done < bytes.length; ) done += writeSync(file, bytes, done);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, {force: true});
    throw fromFileSystemError(error, path, 'write');
  }
}
