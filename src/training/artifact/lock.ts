import {join} from 'node:path';
import {fromFileSystemError, RiceError} from '../../common/errors.ts';
import {type LockAttempt, lockOwner, tryLock} from '../../common/files/lock-file.ts';

const LOCK_FILE = 'lock.json';

/**
 * Makes sure that only one process trains in a folder. The lock of a process that no longer exists is taken over.
 *
 * @returns a function that releases the lock
 * @throws RiceError RUN_BUSY, or RUN_NOT_FOUND if there is no such folder
 */
export function lockFolder(folder: string): () => void {
  const {release, owner} = attemptLock(folder);
  if (release) return release;
  throw new RiceError('RUN_BUSY', `${owner} is training in ${folder}`);
}

/** Who trains in a folder; undefined where nobody does. */
export function folderOwner(folder: string): string | undefined {
  return lockOwner(join(folder, LOCK_FILE));
}

function attemptLock(folder: string): LockAttempt {
  const path = join(folder, LOCK_FILE);
  try {
    return tryLock(path);
  } catch (error) {
    const {code} = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') throw new RiceError('RUN_NOT_FOUND', `${folder} does not exist`, {cause: error});
    throw fromFileSystemError(error, path, 'write');
  }
}
