import {readFileSync, rmSync, writeFileSync} from 'node:fs';
import {hostname} from 'node:os';
import {join} from 'node:path';
import {fromFileSystemError, RiceError} from '../../errors.ts';

const LOCK_FILE = 'lock.json';

/**
 * Makes sure that one process alone trains in a folder. A lock whose process is gone is taken over.
 *
 * @returns what releases the lock
 * @throws RiceError RUN_BUSY, or RUN_NOT_FOUND where there is no such folder
 */
export function lockFolder(folder: string): () => void {
  const path = join(folder, LOCK_FILE);
  const owner = JSON.stringify({pid: process.pid, host: hostname()});
  for (let attempt = 1; ; attempt++) {
    try {
      writeFileSync(path, owner, {flag: 'wx'});
      return () => rmSync(path, {force: true});
    } catch (error) {
      const {code} = error as NodeJS.ErrnoException;
      if (code === 'ENOENT') throw new RiceError('RUN_NOT_FOUND', `${folder} does not exist`, {cause: error});
      if (code !== 'EEXIST') throw fromFileSystemError(error, path, 'write');
      const pid = livingOwner(path);
      if (pid !== undefined || attempt === 3)
        throw new RiceError('RUN_BUSY', `process ${pid} is training in ${folder}`);
      rmSync(path, {force: true});
    }
  }
}

/** The process that holds the lock, unless it is gone. Of another machine nothing is known: it is taken to live. */
function livingOwner(path: string): number | undefined {
  try {
    const {pid, host} = JSON.parse(readFileSync(path, 'utf8')) as {pid: number; host: string};
    if (host === hostname()) process.kill(pid, 0);
    return pid;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM' ? -1 : undefined;
  }
}
