import {existsSync, readdirSync, renameSync, rmdirSync, rmSync} from 'node:fs';
import {join} from 'node:path';
import {fromFileSystemError} from '../../common/errors.ts';
import {folderSize} from '../../common/files/folder-size.ts';
import {tryLock} from '../../common/files/lock-file.ts';
import {isAbandoned, isTemporary, temporaryName} from '../../common/files/temporary-folder.ts';

/** What a cache is for, and what brings it back. */
const KINDS = {
  prepared: 'pictures as the network sees them; rice train makes them again',
  downloads: 'archives, whole and in part; rice fetch-data downloads them again',
  manifests: 'hashes of pictures; rice train and rice evaluate compute them again',
  audits: 'what was measured of pictures for rice audit, which measures them again',
  datasets: 'lists of the files of datasets; rice fetch-data makes them again',
  features: 'indexes of similar pictures, which rice predict makes again',
  autocomplete: 'shell completion of rice 1.1, which nothing reads any more',
} as const;

export type CacheKind = keyof typeof KINDS;

export interface Cache {
  kind: CacheKind;
  purpose: string;
  /** Files and folders, each of which is removed as a whole. */
  paths: string[];
  bytes: number;
}

/** The caches in the cache folder, the largest first. What rice has not made is none, and so is what is being made now. */
export function findCaches(folder: string): Cache[] {
  const caches = Object.entries(KINDS).map(([kind, purpose]) => {
    const paths = pathsOf(kind as CacheKind, folder);
    const bytes = paths.reduce((sum, path) => sum + folderSize(path).bytes, 0);
    return {kind: kind as CacheKind, purpose, paths, bytes};
  });
  return caches.filter(({paths}) => paths.length > 0).sort((a, b) => b.bytes - a.bytes);
}

function pathsOf(kind: CacheKind, folder: string): string[] {
  if (kind === 'prepared') {
    const names = namesIn(folder).filter((name) => /^prepared-[0-9a-f]{16}(\.|$)/.test(name));
    return names.map((name) => join(folder, name)).filter((path) => !isTemporary(path) || isAbandoned(path));
  }
  if (kind === 'autocomplete') return [join(folder, kind)].filter((path) => existsSync(path));
  const names = namesIn(join(folder, kind)).filter((name) => !/\.lock(\.takeover)?$/.test(name));
  return names.map((name) => join(folder, kind, name));
}

/**
 * Removes a cache, each part whole: one that is stopped half-way is not taken for a cache.
 *
 * @returns the parts that another process is using and that were therefore kept
 * @throws RiceError PATH_NOT_WRITABLE
 */
export function removeCache({kind, paths}: Cache, folder: string): string[] {
  const kept = paths.filter((path) => (kind === 'downloads' ? !removeUnlocked(path) : !removeWhole(path)));
  for (const parent of [join(folder, kind), folder])
    try {
      rmdirSync(parent);
    } catch {
      // Something else is in it, or it was not there.
    }
  return kept;
}

/** A download in progress holds the lock beside it. */
function removeUnlocked(path: string): boolean {
  const {release} = attempt(path, () => tryLock(`${path}.lock`));
  if (!release) return false;
  try {
    return removeWhole(path);
  } finally {
    release();
  }
}

function removeWhole(path: string): boolean {
  return attempt(path, () => {
    const doomed = isTemporary(path) ? path : temporaryName(path);
    if (doomed !== path) renameSync(path, doomed);
    rmSync(doomed, {recursive: true, force: true});
    return true;
  });
}

function attempt<T>(path: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw fromFileSystemError(error, path, 'write');
  }
}

function namesIn(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder) : [];
}
