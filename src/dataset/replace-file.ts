import {renameSync, rmSync, writeFileSync} from 'node:fs';
import {fromFileSystemError} from '../errors.ts';
import {temporaryName} from './temporary-folder.ts';

/**
 * Writes a file that is there whole or not at all, in place of what had its name.
 *
 * @param durable whether it has to be on the disk before it gets its name, for what must outlive a power cut
 * @throws RiceError DISK_FULL, PATH_NOT_WRITABLE or PATH_NOT_FOUND
 */
export function replaceFile(path: string, content: string | Uint8Array, {durable = false} = {}): void {
  const temporary = temporaryName(path);
  try {
    writeFileSync(temporary, content, {flush: durable});
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, {force: true});
    throw fromFileSystemError(error, path, 'write');
  }
}
