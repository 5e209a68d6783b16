import {existsSync, mkdirSync, renameSync, rmdirSync, rmSync} from 'node:fs';
import {dirname, resolve} from 'node:path';
import {fromFileSystemError, RiceError} from '../errors.ts';
import {makeTemporaryFolder, removeAbandonedFolders} from './temporary-folder.ts';

/**
 * Creates a folder atomically: `fill` writes into a temporary folder beside it, which is then renamed. If two processes want the
 * same name, only one succeeds.
 *
 * @param requireEmpty throws the error that says that the folder is not empty, if it is not
 * @throws RiceError of `requireEmpty`, or of the failed write; nothing is left behind
 */
export async function createWholeFolder(
  folder: string,
  requireEmpty: (folder: string) => void,
  fill: (temporary: string) => Promise<void>,
): Promise<void> {
  let temporary: string | undefined;
  try {
    mkdirSync(dirname(resolve(folder)), {recursive: true});
    removeAbandonedFolders(resolve(folder));
    temporary = makeTemporaryFolder(resolve(folder));
    await fill(temporary);
    requireEmpty(folder);
    if (existsSync(folder)) rmdirSync(folder);
    renameSync(temporary, folder);
  } catch (error) {
    const {code} = error as NodeJS.ErrnoException;
    if (code === 'ENOTEMPTY' || code === 'EEXIST') requireEmpty(folder);
    throw error instanceof RiceError ? error : fromFileSystemError(error, folder, 'write');
  } finally {
    if (temporary !== undefined) rmSync(temporary, {recursive: true, force: true});
  }
}
