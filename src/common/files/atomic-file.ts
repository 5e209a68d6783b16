import {constants, lstatSync, readlinkSync, realpathSync, renameSync, rmSync, statSync} from 'node:fs';
import {dirname, resolve} from 'node:path';
import {fromFileSystemError, RiceError} from '../errors.ts';
import {FileWriter} from './file-writer.ts';
import {temporaryName} from './temporary-folder.ts';

/**
 * A file that is written completely or not at all: the content goes into a temporary file beside it, which is renamed at
 * the end. A symbolic link is kept, and its target is replaced. A device or a pipe is written to directly.
 */
export class AtomicFile {
  readonly #path: string;
  /** The path after following symbolic links. */
  readonly #target: string;
  readonly #temporary: string | undefined;
  readonly #writer: FileWriter;

  /** @throws RiceError PATH_NOT_WRITABLE or PATH_NOT_FOUND */
  constructor(path: string) {
    this.#path = path;
    const {target, direct} = withFileErrors(path, () => locate(path));
    this.#target = target;
    this.#temporary = direct ? undefined : temporaryName(target);
    this.#writer = new FileWriter(this.#temporary ?? path, direct ? {flags: constants.O_WRONLY} : {name: path});
  }

  /** @throws RiceError DISK_FULL or PATH_NOT_WRITABLE; nothing is left behind */
  write(content: string | Uint8Array): void {
    this.#orDiscard(() => this.#writer.append(typeof content === 'string' ? Buffer.from(content) : content));
  }

  /** Renames the file to its final name. @param durable flush it to the disk before, so that it survives a power failure */
  commit({durable = false} = {}): void {
    if (durable && this.#temporary !== undefined) this.#orDiscard(() => this.#writer.flush());
    this.#rename(this.#target);
  }

  /**
   * Keeps the incomplete file beside the final path, with the suffix `.partial`.
   *
   * @returns its path; undefined if the file is already closed
   */
  keepPartial(): string | undefined {
    if (!this.#writer.isOpen) return undefined;
    const partial = `${this.#target}.partial`;
    this.#rename(partial);
    return this.#temporary === undefined ? this.#path : partial;
  }

  /** Deletes the temporary file. */
  discard(): void {
    this.#writer.close();
    if (this.#temporary !== undefined) rmSync(this.#temporary, {force: true});
  }

  #rename(name: string): void {
    this.#writer.close();
    if (this.#temporary !== undefined) this.#orDiscard(() => renameSync(this.#temporary!, name));
  }

  #orDiscard(action: () => void): void {
    try {
      withFileErrors(this.#path, action);
    } catch (error) {
      this.discard();
      throw error;
    }
  }
}

/**
 * Writes a file completely or not at all, replacing an existing one.
 *
 * @param durable flush it to the disk before the rename, so that it survives a power failure
 * @throws RiceError PATH_NOT_WRITABLE, DISK_FULL or PATH_NOT_FOUND
 */
export function writeAtomically(path: string, content: string | Uint8Array, {durable = false} = {}): void {
  const file = new AtomicFile(path);
  file.write(content);
  file.commit({durable});
}

/** Checks before the work starts that its result can be written. */
export function checkWritable(path: string): void {
  withFileErrors(path, () => {
    const {target, exists} = locate(path);
    const folder = dirname(target);
    if (!exists && !statSync(folder, {throwIfNoEntry: false})?.isDirectory())
      throw new RiceError('PATH_NOT_FOUND', `cannot write ${path}: the folder ${folder} does not exist`);
  });
}

function withFileErrors<T>(path: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw fromFileSystemError(error, path, 'write');
  }
}

/** The target of a path, and whether it is written to directly. */
function locate(path: string): {target: string; direct: boolean; exists: boolean} {
  const existing = statSync(path, {throwIfNoEntry: false});
  if (existing?.isDirectory())
    throw new RiceError('PATH_NOT_WRITABLE', `cannot write ${path}: it is a folder`, {
      suggestions: ['Name a file in it.'],
    });
  if (!existing) return {target: followLinks(path), direct: false, exists: false};
  return {target: existing.isFile() ? realpathSync(path) : path, direct: !existing.isFile(), exists: true};
}

/** The target of links to a file that does not exist yet, for which `realpath` fails. `stat` already rejected link loops. */
function followLinks(path: string): string {
  return lstatSync(path, {throwIfNoEntry: false})?.isSymbolicLink()
    ? followLinks(resolve(dirname(path), readlinkSync(path)))
    : path;
}
