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

/** How a file came into the cache: sharing its blocks, as the same file under two names, as a copy, or it was there. */
export type Placement = 'reflink' | 'hardlink' | 'copy' | 'kept';

/** As DVC has it: an object never changes, and neither does a file that is the same on the disk. */
const READ_ONLY = 0o444;

/**
 * DVC's cache of objects, each named by its MD5: `files/md5/<first two digits>/<the others>`. An object appears whole or
 * not at all, and what is there is kept, so that a run that was killed can be done again.
 */
export class DvcCache {
  readonly #folder: string;
  readonly #prefixes = new Set<string>();
  readonly #inside = new Map<string, boolean>();
  #temporary: string | undefined;
  /** The best way that has not failed yet; disks differ in what they can do. */
  #way: Exclude<Placement, 'kept'> = 'reflink';

  constructor(folder: string) {
    this.#folder = folder;
  }

  /**
   * Adds a file of a folder. With a hard link, the file loses its permission to be written, as DVC has it.
   *
   * @param root the folder; what lies outside of it, at the end of a link, is never linked to, only copied
   * @param bytes its size, by which a damaged object is told
   * @throws RiceError DVC_UNUSABLE where the file is not what it was; PATH_NOT_WRITABLE or DISK_FULL
   */
  addFile(root: string, path: string, md5: string, bytes: number): Placement {
    const object = this.#place(md5);
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
   * @param name an MD5, and `.dir` where the content is a tree object
   * @throws RiceError PATH_NOT_WRITABLE or DISK_FULL
   */
  addObject(name: string, content: string): void {
    const object = this.#place(name);
    if (keep(object, Buffer.byteLength(content))) return;
    try {
      const temporary = this.#temporaryFile();
      writeFileSync(temporary, content);
      publish(temporary, object);
    } catch (error) {
      throw fromFileSystemError(error, object, 'write');
    }
  }

  /** Leaves nothing behind but objects. */
  close(): void {
    if (this.#temporary !== undefined) rmSync(this.#temporary, {recursive: true, force: true});
    this.#temporary = undefined;
  }

  #put(root: string, source: string, stats: Stats, object: string, bytes: number): Placement {
    if (this.#way === 'reflink') {
      if (this.#tryToClone(source, object, bytes)) return 'reflink';
      this.#way = 'hardlink';
    }
    if (this.#way === 'hardlink' && isUnshared(stats) && this.#isInside(root, source)) {
      const outcome = tryToLink(source, stats, object);
      if (outcome === 'linked') return 'hardlink';
      if (outcome === 'impossible') this.#way = 'copy';
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

  /** Whether a file is where its path says, and not behind a link to another folder. */
  #isInside(root: string, source: string): boolean {
    const folder = dirname(source);
    let inside = this.#inside.get(folder);
    if (inside === undefined) {
      inside = realpathSync(folder) === join(realpathSync(root), relative(root, folder));
      this.#inside.set(folder, inside);
    }
    return inside;
  }

  /** A name for what is not complete yet, on the disk of the objects. */
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

  #place(name: string): string {
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

/** Whether an object is there. A damaged one is removed. */
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

/** A file that has another name already must not lose its permission to be written: who uses that knows nothing of this. */
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
    // Nothing was changed where nothing may be.
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
  return new RiceError('DVC_UNUSABLE', `${path} is not as it was when its digest was taken`, {
    suggestions: ['Run the command again.'],
  });
}
