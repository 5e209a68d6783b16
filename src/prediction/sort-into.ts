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

/** Labels that cannot be folder names on some system. */
const UNUSABLE = /^\.{0,2}$|[/\\:*?"<>|\p{Cc}]|[. ]$/u;

/** Limit of files with the same name in one folder; more are probably a mistake. */
const MAX_SAME_NAME = 100_000;

/**
 * Puts pictures into folders named after their variety. Existing files are never overwritten: a second file with the same
 * name becomes `name-2.jpg`. A picture that is already there, as after a second run, is not added again: that is a file with
 * the same bytes if pictures are copied or linked, or the same file if they are moved. No incomplete file appears.
 */
export class SortingFolder {
  readonly #root: string;
  readonly #mode: SortMode;
  readonly #folders = new Set<string>();

  /** @throws RiceError PATH_NOT_WRITABLE if the folder cannot be created, or if a label cannot be a folder name */
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
   * @returns its path in that folder
   * @throws RiceError PATH_NOT_READABLE, PATH_NOT_WRITABLE or DISK_FULL; the file is then unchanged
   */
  place(file: string, label: string): string {
    const folder = this.#folder(label);
    try {
      const name = basename(file);
      const extension = extname(name);
      const stem = name.slice(0, name.length - extension.length);
      for (let count = 1; count <= MAX_SAME_NAME; count++) {
        const target = join(folder, count === 1 ? name : `${stem}-${count}${extension}`);
        if (this.#isPlaced(file, target) || this.#tryPlace(file, target)) return target;
      }
    } catch (error) {
      throw placeError(error, file, folder);
    }
    throw new RiceError(
      'PATH_NOT_WRITABLE',
      `${folder} already contains ${MAX_SAME_NAME} files named ${basename(file)}`,
    );
  }

  #folder(label: string): string {
    checkLabel(label);
    const folder = join(this.#root, label);
    if (this.#folders.has(label)) return folder;
    try {
      mkdirSync(folder, {recursive: true});
      if (realpathSync(folder) !== folder)
        throw new RiceError('PATH_NOT_WRITABLE', `cannot sort into ${folder}: it is a link to another folder`, {
          suggestions: ['Remove the link, or sort into another folder.'],
        });
    } catch (error) {
      throw fromFileSystemError(error, folder, 'write');
    }
    this.#folders.add(label);
    return folder;
  }

  /** Whether the target is already this picture. Also removes the old name that an interrupted move has left behind. */
  #isPlaced(file: string, target: string): boolean {
    const existing = statSync(target, {throwIfNoEntry: false});
    if (!existing?.isFile()) return false;
    const source = statSync(file);
    const same = source.ino === existing.ino && source.dev === existing.dev;
    if (this.#mode !== 'move')
      return same || (source.size === existing.size && readFileSync(file).equals(readFileSync(target)));
    if (!same || lstatSync(file).isSymbolicLink()) return false;
    if (realpathSync(file) !== realpathSync(target)) unlinkSync(file);
    return true;
  }

  /** @returns false if the target exists */
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
 * The real path of a folder that may not exist yet.
 *
 * @throws RiceError PATH_NOT_WRITABLE or PATH_NOT_FOUND
 */
export function realFolder(path: string): string {
  try {
    const missing: string[] = [];
    let existing = resolve(path);
    for (; !lstatSync(existing, {throwIfNoEntry: false}); existing = dirname(existing))
      missing.unshift(basename(existing));
    return join(realpathSync(existing), ...missing);
  } catch (error) {
    throw fromFileSystemError(error, path, 'write');
  }
}

/** Whether a path can be sorted. True for a file that no longer exists, which fails later with the right error. */
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
      suggestions: ['Use a model (and --unknown-as) whose labels are valid folder names.'],
    });
}

/** An error about the file if it cannot be read, otherwise about the folder. */
function placeError(error: unknown, file: string, folder: string): RiceError {
  try {
    accessSync(file, constants.R_OK);
  } catch (readError) {
    return fromFileSystemError(readError, file, 'read');
  }
  return fromFileSystemError(error, folder, 'write');
}

/**
 * Copies to a temporary name first, so that an interrupted copy is not taken for a complete one. The name is unique across
 * machines, because the tasks of a job may share the folder.
 */
function copy(file: string, target: string): void {
  const temporary = join(dirname(target), `.${randomUUID()}.tmp`);
  try {
    copyFileSync(file, temporary, constants.COPYFILE_FICLONE);
    renameWithoutReplacing(temporary, target);
  } finally {
    rmSync(temporary, {force: true});
  }
}

/** A hard link fails if the target exists, unlike a rename. Some file systems do not support hard links. */
function renameWithoutReplacing(temporary: string, target: string): void {
  try {
    linkSync(temporary, target);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw error;
    renameSync(temporary, target);
  }
}

/** Makes a hard link, which stays valid if either name is moved, or a symbolic link to another disk. */
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
  // The target of a symbolic link is not moved: a copy of it replaces the link.
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
