import {constants, lstatSync, readlinkSync, realpathSync, renameSync, rmSync, statSync} from 'node:fs';
import {dirname, resolve} from 'node:path';
import {fromFileSystemError, RiceError} from '../errors.ts';
import {FileWriter} from './file-writer.ts';
import {temporaryName} from './temporary-folder.ts';

/**
 * A file that appears whole or not at all: what is written goes into a temporary file beside it, which takes its name at
 * the end. A symbolic link stays: the file that it points to is replaced. A device or a pipe stays as well: it is written
 * to directly.
 */
export class AtomicFile {
  readonly #path: string;
  /** Where the link, if it is one, leads to. */
  readonly #target: string;
  readonly #temporary: string | undefined;
  readonly #writer: FileWriter;

  /** @throws RiceError PATH_NOT_WRITABLE or PATH_NOT_FOUND */
  constructor(path: string) {
    this.#path = path;
    const {target, direct} = withErrorsOf(path, () => locate(path));
    this.#target = target;
    this.#temporary = direct ? undefined : temporaryName(target);
    this.#writer = new FileWriter(this.#temporary ?? path, direct ? {flags: constants.O_WRONLY} : {name: path});
  }

  /** @throws RiceError DISK_FULL or PATH_NOT_WRITABLE; nothing is left behind */
  write(content: string | Uint8Array): void {
    this.#orDiscard(() => this.#writer.append(typeof content === 'string' ? Buffer.from(content) : content));
  }

  /** Gives the file its name. @param durable whether it has to be on the disk before, for what must outlive a power cut */
  commit({durable = false} = {}): void {
    if (durable && this.#temporary !== undefined) this.#orDiscard(() => this.#writer.flush());
    this.#rename(this.#target);
  }

  /**
   * Leaves what there is so far beside the place of the file, under a name of its own.
   *
   * @returns that name; undefined where there is nothing any more
   */
  keepPartial(): string | undefined {
    if (!this.#writer.isOpen) return undefined;
    const partial = `${this.#target}.partial`;
    this.#rename(partial);
    return this.#temporary === undefined ? this.#path : partial;
  }

  /** Leaves nothing behind. */
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
      withErrorsOf(this.#path, action);
    } catch (error) {
      this.discard();
      throw error;
    }
  }
}

/**
 * Writes a file whole or not at all, in place of what had its name.
 *
 * @param durable whether it has to be on the disk before it gets its name, for what must outlive a power cut
 * @throws RiceError PATH_NOT_WRITABLE, DISK_FULL or PATH_NOT_FOUND
 */
export function writeAtomically(path: string, content: string | Uint8Array, {durable = false} = {}): void {
  const file = new AtomicFile(path);
  file.write(content);
  file.commit({durable});
}

/** Says before the work starts that its result could not be written. */
export function checkWritable(path: string): void {
  withErrorsOf(path, () => {
    const {target, exists} = locate(path);
    const folder = dirname(target);
    if (!exists && !statSync(folder, {throwIfNoEntry: false})?.isDirectory())
      throw new RiceError('PATH_NOT_FOUND', `cannot write ${path}: the folder ${folder} does not exist`);
  });
}

function withErrorsOf<T>(path: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw fromFileSystemError(error, path, 'write');
  }
}

/** Where a path leads to, and whether that is written to directly. */
function locate(path: string): {target: string; direct: boolean; exists: boolean} {
  const existing = statSync(path, {throwIfNoEntry: false});
  if (existing?.isDirectory())
    throw new RiceError('PATH_NOT_WRITABLE', `cannot write ${path}: it is a folder`, {
      suggestions: ['Name a file in it.'],
    });
  if (!existing) return {target: followLinks(path), direct: false, exists: false};
  return {target: existing.isFile() ? realpathSync(path) : path, direct: !existing.isFile(), exists: true};
}

/** Where links that lead to nothing yet end; `realpath` fails on those. A circle of links has failed in `stat` before. */
function followLinks(path: string): string {
  return lstatSync(path, {throwIfNoEntry: false})?.isSymbolicLink()
    ? followLinks(resolve(dirname(path), readlinkSync(path)))
    : path;
}
