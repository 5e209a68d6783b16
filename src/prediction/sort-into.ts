import {
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
import {basename, extname, join, resolve} from 'node:path';
import {fromFileSystemError, RiceError} from '../errors.ts';

export type SortMode = 'copy' | 'move' | 'link';

/** Names that are no folder of their own, on any system. */
const UNUSABLE = /^\.{0,2}$|[/\\:*?"<>|\p{Cc}]|[. ]$/u;

/** So many files of one name in one folder are a mistake. */
const MOST_NAMESAKES = 100_000;

/**
 * Puts pictures into folders named after their variety. Nothing is ever overwritten: a second file of a name becomes
 * `name-2.jpg`, unless it has the same bytes as one that is there, as after a second run. Each file appears whole.
 */
export class SortingFolder {
  readonly #root: string;
  readonly #mode: SortMode;
  readonly #folders = new Set<string>();

  /** @throws RiceError PATH_NOT_WRITABLE when the folder cannot be made */
  constructor(root: string, mode: SortMode) {
    this.#mode = mode;
    try {
      mkdirSync(root, {recursive: true});
      this.#root = realpathSync(root);
    } catch (error) {
      throw fromFileSystemError(error, root, 'write');
    }
  }

  /** The folder's real path. */
  get root(): string {
    return this.#root;
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
        if (this.#mode !== 'move' && isSame(file, target)) return target;
        if (this.#tryPlace(file, target)) return target;
      }
    } catch (error) {
      throw fromFileSystemError(error, folder, 'write');
    }
    throw new RiceError('PATH_NOT_WRITABLE', `${folder} holds ${MOST_NAMESAKES} files named ${basename(file)} already`);
  }

  #folder(label: string): string {
    if (UNUSABLE.test(label))
      throw new RiceError('PATH_NOT_WRITABLE', `the label "${label}" cannot be the name of a folder`, {
        suggestions: ['Sort with a model whose labels are plain names.'],
      });
    const folder = join(this.#root, label);
    if (this.#folders.has(label)) return folder;
    try {
      mkdirSync(folder, {recursive: true});
    } catch (error) {
      throw fromFileSystemError(error, folder, 'write');
    }
    this.#folders.add(label);
    return folder;
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

/** The same file, or the same bytes under another name. */
function isSame(file: string, target: string): boolean {
  const there = statSync(target, {throwIfNoEntry: false});
  if (!there?.isFile()) return false;
  const here = statSync(file);
  if (here.ino === there.ino && here.dev === there.dev) return true;
  return here.size === there.size && readFileSync(file).equals(readFileSync(target));
}

/** By way of a temporary name, so that a copy that was cut off is not taken for one. */
function copy(file: string, target: string): void {
  const temporary = `${target}.${process.pid}.tmp`;
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
