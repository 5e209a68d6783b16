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
import {removeAbandonedFolders, temporaryName} from '../common/files/temporary-folder.ts';
import {finishMoves, MoveJournal} from './move-journal.ts';

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
  /** Folders of pictures that can be moved out of them. */
  readonly #sources = new Set<string>();
  readonly #journal: MoveJournal;

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
      finishMoves(this.#root);
    } catch (error) {
      throw fromFileSystemError(error, root, 'write');
    }
    this.#journal = new MoveJournal(this.#root);
  }

  /**
   * Puts the file into the folder of a label.
   *
   * @returns its path in that folder
   * @throws RiceError PATH_NOT_READABLE, PATH_NOT_WRITABLE or DISK_FULL; the file is then unchanged
   */
  place(file: string, label: string): string {
    if (this.#mode === 'move') this.#checkSource(dirname(file));
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

  /** To be called when nothing is placed any more. */
  close(): void {
    this.#journal.close();
  }

  /** Otherwise the picture would be in both folders, since it cannot be removed from this one. */
  #checkSource(folder: string): void {
    if (this.#sources.has(folder)) return;
    try {
      accessSync(folder, constants.W_OK | constants.X_OK);
    } catch (error) {
      throw cannotMoveFrom(folder, error);
    }
    this.#sources.add(folder);
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
      removeAbandonedFolders(join(folder, basename(folder)));
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
      else this.#move(file, target);
      return true;
    } catch (error) {
      // Another process was faster.
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
      throw error;
    }
  }

  #move(file: string, target: string): void {
    // The target of a symbolic link is not moved: a copy of it replaces the link.
    if (!lstatSync(file).isSymbolicLink() && linkIfPossible(file, target)) {
      removeOriginal(file, target);
      return;
    }
    const temporary = temporaryIn(dirname(target));
    this.#journal.run({from: resolve(file), temporary, to: target}, () => {
      try {
        copyFileSync(file, temporary, constants.COPYFILE_FICLONE);
        renameWithoutReplacing(temporary, target);
        removeOriginal(file, target);
      } finally {
        rmSync(temporary, {force: true});
      }
    });
  }
}

/** Only after the target is there. If it cannot be removed, the target goes again. */
function removeOriginal(file: string, target: string): void {
  try {
    unlinkSync(file);
  } catch (error) {
    // Somebody else has removed it.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    rmSync(target, {force: true});
    throw cannotMoveFrom(dirname(file), error);
  }
}

function cannotMoveFrom(folder: string, cause: unknown): RiceError {
  const reason = fromFileSystemError(cause, folder, 'write').message.replace(`cannot write ${folder}: `, '');
  return new RiceError('PATH_NOT_WRITABLE', `cannot move pictures out of ${folder}: ${reason}`, {
    suggestions: ['Change the permissions of that folder, or copy the pictures: omit --move.'],
    cause,
  });
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
  const temporary = temporaryIn(dirname(target));
  try {
    copyFileSync(file, temporary, constants.COPYFILE_FICLONE);
    renameWithoutReplacing(temporary, target);
  } finally {
    rmSync(temporary, {force: true});
  }
}

/** Short, since the name of the picture may have the largest length. */
function temporaryIn(folder: string): string {
  return temporaryName(join(folder, '.rice'));
}

/** @returns false on another disk, or if the file system does not support hard links */
function linkIfPossible(file: string, target: string): boolean {
  try {
    linkSync(file, target);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw error;
    return false;
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
  if (!linkIfPossible(real, target)) symlinkSync(resolve(real), target);
}
