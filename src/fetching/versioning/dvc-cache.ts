import {
  chmodSync,
  constants,
  copyFileSync,
  linkSync,
  lstatSync,
  mkdirSync,
  realpathSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  writeFileSync,
} from 'node:fs';
import {dirname, join, relative} from 'node:path';
import {fromFileSystemError, RiceError} from '../../common/errors.ts';
import {makeTemporaryFolder, removeAbandonedFolders} from '../../common/files/temporary-folder.ts';

/** How a file was added to the cache: as a reflink, a hard link or a copy; `kept` if it already existed. */
export type Placement = 'reflink' | 'hardlink' | 'copy' | 'kept';

/** Like in DVC, objects and files that are hard links to them are read-only. */
const READ_ONLY = 0o444;

/**
 * DVC's cache of objects, named by their MD5: `files/md5/<first two digits>/<the others>`. An object is written completely
 * or not at all, and existing ones are kept, so that a killed run can be repeated.
 */
export class DvcCache {
  readonly #folder: string;
  readonly #prefixes = new Set<string>();
  readonly #inside = new Map<string, boolean>();
  #temporary: string | undefined;
  /** The best placement that has not failed yet; file systems differ. */
  #placement: Exclude<Placement, 'kept'> = 'reflink';

  constructor(folder: string) {
    this.#folder = folder;
  }

  /**
   * Adds a file of a folder. With a hard link, the file becomes read-only, like in DVC.
   *
   * @param root the folder; files outside of it, reached through a link, are always copied
   * @param bytes the size of the file, to detect a damaged object
   * @throws RiceError DVC_UNUSABLE if the file has changed; PATH_NOT_WRITABLE or DISK_FULL
   */
  addFile(root: string, path: string, md5: string, bytes: number): Placement {
    const object = this.#objectPath(md5);
    if (keep(object, bytes)) return 'kept';
    const source = join(root, path);
    const stats = statFile(source);
    if (stats.size !== bytes && !stats.isSymbolicLink()) throw changed(source);
    try {
      return this.#put(root, source, stats, object, bytes);
    } catch (error) {
      throw fromFileSystemError(error, object, 'write');
    }
  }

  /**
   * @param name an MD5, with `.dir` for a tree object
   * @throws RiceError PATH_NOT_WRITABLE or DISK_FULL
   */
  addObject(name: string, content: string): void {
    const object = this.#objectPath(name);
    if (keep(object, Buffer.byteLength(content))) return;
    try {
      const temporary = this.#temporaryFile();
      writeFileSync(temporary, content);
      publish(temporary, object);
    } catch (error) {
      throw fromFileSystemError(error, object, 'write');
    }
  }

  /** Removes temporary files. */
  close(): void {
    if (this.#temporary !== undefined) rmSync(this.#temporary, {recursive: true, force: true});
    this.#temporary = undefined;
  }

  #put(root: string, source: string, stats: Stats, object: string, bytes: number): Placement {
    if (this.#placement === 'reflink') {
      if (this.#tryToClone(source, object, bytes)) return 'reflink';
      this.#placement = 'hardlink';
    }
    if (this.#placement === 'hardlink' && isUnshared(stats) && this.#isInside(root, source)) {
      const outcome = tryToLink(source, stats, object);
      if (outcome === 'linked') return 'hardlink';
      if (outcome === 'impossible') this.#placement = 'copy';
    }
    this.#copy(source, object, bytes, 0);
    return 'copy';
  }

  #tryToClone(source: string, object: string, bytes: number): boolean {
    try {
      this.#copy(source, object, bytes, constants.COPYFILE_FICLONE_FORCE);
      return true;
    } catch (error) {
      const {code} = error as NodeJS.ErrnoException;
      if (error instanceof RiceError || code === 'ENOSPC' || code === 'EDQUOT') throw error;
      return false;
    }
  }

  #copy(source: string, object: string, bytes: number, mode: number): void {
    const temporary = this.#temporaryFile();
    copyFileSync(source, temporary, mode);
    if (sizeOf(temporary) !== bytes) throw changed(source);
    publish(temporary, object);
  }

  /** Whether a file is inside the root folder, and not behind a link to another folder. */
  #isInside(root: string, source: string): boolean {
    const folder = dirname(source);
    let inside = this.#inside.get(folder);
    if (inside === undefined) {
      inside = realpathSync(folder) === join(realpathSync(root), relative(root, folder));
      this.#inside.set(folder, inside);
    }
    return inside;
  }

  /** A temporary file on the disk of the objects. */
  #temporaryFile(): string {
    if (this.#temporary === undefined) {
      const target = join(this.#folder, 'rice');
      removeAbandonedFolders(target);
      this.#temporary = makeTemporaryFolder(target);
    }
    const file = join(this.#temporary, 'object');
    rmSync(file, {force: true});
    return file;
  }

  #objectPath(name: string): string {
    const prefix = join(this.#folder, 'files', 'md5', name.slice(0, 2));
    if (!this.#prefixes.has(prefix)) {
      try {
        mkdirSync(prefix, {recursive: true});
      } catch (error) {
        throw fromFileSystemError(error, prefix, 'write');
      }
      this.#prefixes.add(prefix);
    }
    return join(prefix, name.slice(2));
  }
}

function publish(temporary: string, object: string): void {
  chmodSync(temporary, READ_ONLY);
  renameSync(temporary, object);
}

/** Whether an object exists. A damaged one is removed. */
function keep(object: string, bytes: number): boolean {
  const size = sizeOf(object);
  if (size === bytes) return true;
  if (size !== undefined) remove(object);
  return false;
}

function remove(object: string): void {
  try {
    rmSync(object, {force: true});
  } catch (error) {
    throw fromFileSystemError(error, object, 'write');
  }
}

/** A file with other hard links must not become read-only, because the users of its other names do not expect that. */
function isUnshared(stats: Stats): boolean {
  return stats.isFile() && (stats.nlink === 1 || (stats.mode & 0o222) === 0);
}

function tryToLink(source: string, stats: Stats, object: string): 'linked' | 'refused' | 'impossible' {
  try {
    chmodSync(source, READ_ONLY);
    linkSync(source, object);
    return 'linked';
  } catch (error) {
    const {code} = error as NodeJS.ErrnoException;
    // Another process has just added it.
    if (code === 'EEXIST') return 'linked';
    restoreMode(source, stats);
    return code === 'EMLINK' ? 'refused' : 'impossible';
  }
}

function restoreMode(source: string, {mode}: Stats): void {
  try {
    chmodSync(source, mode & 0o7777);
  } catch {
    // If the mode cannot be set now, it was not changed before either.
  }
}

function statFile(path: string): Stats {
  try {
    return lstatSync(path);
  } catch (error) {
    throw fromFileSystemError(error, path, 'read');
  }
}

function sizeOf(path: string): number | undefined {
  return statSync(path, {throwIfNoEntry: false})?.size;
}

function changed(path: string): RiceError {
  return new RiceError('DVC_UNUSABLE', `${path} has changed since it was hashed`, {
    suggestions: ['Run the command again.'],
  });
}
