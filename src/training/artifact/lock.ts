import {readFileSync, rmSync, statSync, writeFileSync} from 'node:fs';
import {hostname} from 'node:os';
import {join} from 'node:path';
import {isAlive} from '../../dataset/is-alive.ts';
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
  const self = JSON.stringify({pid: process.pid, host: hostname()});
  for (let attempt = 1; ; attempt++) {
    try {
      writeFileSync(path, self, {flag: 'wx'});
      return () => rmSync(path, {force: true});
    } catch (error) {
      const {code} = error as NodeJS.ErrnoException;
      if (code === 'ENOENT') throw new RiceError('RUN_NOT_FOUND', `${folder} does not exist`, {cause: error});
      if (code !== 'EEXIST') throw fromFileSystemError(error, path, 'write');
      const owner = livingOwner(path);
      if (owner || attempt === 3) {
        throw new RiceError('RUN_BUSY', `${owner ?? 'another process'} is training in ${folder}`);
      }
      rmSync(path, {force: true});
    }
  }
}

/** A lock without contents is being written at this moment, unless it has been so for this long. */
const WRITING_MS = 10_000;

/** Who holds the lock, unless that process is gone. Of other machines nothing is known: their locks hold. */
function livingOwner(path: string): string | undefined {
  try {
    const {pid, host} = JSON.parse(readFileSync(path, 'utf8')) as {pid?: unknown; host?: unknown};
    if (typeof pid === 'number' && typeof host === 'string') {
      if (host !== hostname()) return `process ${pid} on ${host}`;
      return isAlive(pid) ? `process ${pid}` : undefined;
    }
  } catch {
    // Not written whole.
  }
  const written = statSync(path, {throwIfNoEntry: false})?.mtimeMs ?? 0;
  return Date.now() - written < WRITING_MS ? 'another process' : undefined;
}
