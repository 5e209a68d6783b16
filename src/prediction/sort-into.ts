import {randomUUID} from 'node:crypto';
import {
  accessSync,
  constants,
  copyFileSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  unlinkSync,
} from 'node:fs';
import {basename, dirname, extname, join, resolve} from 'node:path';
import {fromFileSystemError, RiceError} from '../common/errors.ts';

export type SortMode = 'copy' | 'move' | 'link';

/** Names that are no folder of their own, on any system. */
const UNUSABLE = /^\.{0,2}$|[/\\:*?"<>|\p{Cc}]|[. ]$/u;

/** So many files of one name in one folder are a mistake. */
const MOST_NAMESAKES = 100_000;

/**
 * Puts pictures into folders named after their variety. Nothing is ever overwritten: a second file of a name becomes
 * `name-2.jpg`, unless it is one that is there, as after a second run: the same bytes where pictures are copied or linked,
 * the same file where they are moved. Each file appears whole.
 */
export class SortingFolder {
  readonly #root: string;
  readonly #mode: SortMode;
  readonly #folders = new Set<string>();

  /** @throws RiceError PATH_NOT_WRITABLE when the folder cannot be made, or holds no folders of these labels */
  constructor(root: string, mode: SortMode, labels: readonly string[]) {
    this.#mode = mode;
    for (const label of labels) checkLabel(label);
    try {
      if (statSync(root, {throwIfNoEntry: false})?.isFile())
        throw new RiceError('PATH_NOT_WRITABLE', `cannot sort into ${root}: it is a file, not a folder`, {
          suggestions: ['Name a folder.'],
        });
      mkdirSync(root, {recursive: true});
      accessSync(root, constants.W_OK);
      this.#root = realpathSync(root);
    } catch (error) {
      throw fromFileSystemError(error, root, 'write');
    }
  }

  /**
   * Puts the file into the folder of a label.
   *
   * @returns where it is now, or was already
   * @throws RiceError PATH_NOT_READABLE, PATH_NOT_WRITABLE or DISK_FULL; the file is then where it was
   */
  place(file: string, label: string): string {
    const folder = this.#folder(label);
    try {
      const name = basename(file);
      const end = extname(name);
      const stem = name.slice(0, name.length - end.length);
      for (let count = 1; count <= MOST_NAMESAKES; count++) {
        const target = join(folder, count === 1 ? name : `${stem}-${count}${end}`);
        if (this.#isThere(file, target) || this.#tryPlace(file, target)) return target;
      }
    } catch (error) {
      throw blame(error, file, folder);
    }
    throw new RiceError('PATH_NOT_WRITABLE', `${folder} holds ${MOST_NAMESAKES} files named ${basename(file)} already`);
  }

  #folder(label: string): string {
    checkLabel(label);
    const folder = join(this.#root, label);
    if (this.#folders.has(label)) return folder;
    try {
      mkdirSync(folder, {recursive: true});
      if (realpathSync(folder) !== folder)
        throw new RiceError('PATH_NOT_WRITABLE', `cannot sort into ${folder}: it is a link that leads elsewhere`, {
          suggestions: ['Remove the link, or sort into another folder.'],
        });
    } catch (error) {
      throw fromFileSystemError(error, folder, 'write');
    }
    this.#folders.add(label);
    return folder;
  }

  /** Whether nothing is left to do; a move that was cut off may have left the old name behind. */
  #isThere(file: string, target: string): boolean {
    const there = statSync(target, {throwIfNoEntry: false});
    if (!there?.isFile()) return false;
    const here = statSync(file);
    const same = here.ino === there.ino && here.dev === there.dev;
    if (this.#mode !== 'move')
      return same || (here.size === there.size && readFileSync(file).equals(readFileSync(target)));
    if (!same || lstatSync(file).isSymbolicLink()) return false;
    if (realpathSync(file) !== realpathSync(target)) unlinkSync(file);
    return true;
  }

  /** @returns false where a file of the name is there */
  #tryPlace(file: string, target: string): boolean {
    if (existsSync(target) || lstatSync(target, {throwIfNoEntry: false})) return false;
    try {
      if (this.#mode === 'copy') copy(file, target);
      else if (this.#mode === 'link') link(file, target);
      else move(file, target);
      return true;
    } catch (error) {
      // Another process was faster.
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
      throw error;
    }
  }
}

/**
 * The real path of a folder that may not be there yet.
 *
 * @throws RiceError PATH_NOT_WRITABLE or PATH_NOT_FOUND
 */
export function realFolder(path: string): string {
  try {
    const missing: string[] = [];
    let there = resolve(path);
    for (; !lstatSync(there, {throwIfNoEntry: false}); there = dirname(there)) missing.unshift(basename(there));
    return join(realpathSync(there), ...missing);
  } catch (error) {
    throw fromFileSystemError(error, path, 'write');
  }
}

/** Whether it can be sorted; what is gone counts as well, and fails when its turn comes. */
export function isRegularFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    return true;
  }
}

function checkLabel(label: string): void {
  if (UNUSABLE.test(label))
    throw new RiceError('PATH_NOT_WRITABLE', `the label "${label}" cannot be the name of a folder`, {
      suggestions: ['Sort with a model (and --unknown-as) whose labels are plain names.'],
    });
}

/** Names the file where that is gone or closed to us, and else the folder. */
function blame(error: unknown, file: string, folder: string): RiceError {
  try {
    accessSync(file, constants.R_OK);
  } catch (fault) {
    return fromFileSystemError(fault, file, 'read');
  }
  return fromFileSystemError(error, folder, 'write');
}

/**
 * By way of a temporary name, so that a copy that was cut off is not taken for one. It is nobody else's on any machine:
 * those of a job may share the folder.
 */
function copy(file: string, target: string): void {
  const temporary = join(dirname(target), `.${randomUUID()}.tmp`);
  try {
    copyFileSync(file, temporary, constants.COPYFILE_FICLONE);
    giveName(temporary, target);
  } finally {
    rmSync(temporary, {force: true});
  }
}

/** A hard link fails where the name is taken, which a rename does not; some disks have none. */
function giveName(temporary: string, target: string): void {
  try {
    linkSync(temporary, target);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw error;
    renameSync(temporary, target);
  }
}

/** A hard link, which stays right when either name is moved; a symbolic one to another disk. */
function link(file: string, target: string): void {
  const real = realpathSync(file);
  try {
    linkSync(real, target);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw error;
    symlinkSync(resolve(real), target);
  }
}

function move(file: string, target: string): void {
  // What a symbolic link leads to stays where it is: its copy is what is moved.
  if (lstatSync(file).isSymbolicLink()) copy(file, target);
  else {
    try {
      linkSync(file, target);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw error;
      copy(file, target);
    }
  }
  unlinkSync(file);
}
