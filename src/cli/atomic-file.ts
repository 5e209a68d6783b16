import {
  closeSync,
  constants,
  lstatSync,
  openSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import {dirname, resolve} from 'node:path';
import {fromFileSystemError, RiceError} from '../errors.ts';

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
  #file: number | undefined;

  /** @throws RiceError PATH_NOT_WRITABLE or PATH_NOT_FOUND */
  constructor(path: string) {
    this.#path = path;
    const {target, direct} = this.#guard(() => locate(path));
    this.#target = target;
    this.#temporary = direct ? undefined : `${target}.${process.pid}.tmp`;
    this.#file = this.#guard(() => (direct ? openSync(path, constants.O_WRONLY) : openSync(this.#temporary!, 'w')));
  }

  /** @throws RiceError DISK_FULL or PATH_NOT_WRITABLE; nothing is left behind */
  write(content: string | Uint8Array): void {
    const bytes = typeof content === 'string' ? Buffer.from(content) : content;
    this.#guard(() => {
      for (let done = 0; done < bytes.length; ) done += writeSync(this.#file!, bytes, done);
    });
  }

  /** Gives the file its name. */
  commit(): void {
    this.#rename(this.#target);
  }

  /**
   * Leaves what there is so far beside the place of the file, under a name of its own.
   *
   * @returns that name; undefined where there is nothing any more
   */
  keepPartial(): string | undefined {
    if (this.#file === undefined) return undefined;
    const partial = `${this.#target}.partial`;
    this.#rename(partial);
    return this.#temporary === undefined ? this.#path : partial;
  }

  /** Leaves nothing behind. */
  discard(): void {
    this.#close();
    if (this.#temporary !== undefined) rmSync(this.#temporary, {force: true});
  }

  #rename(name: string): void {
    this.#close();
    if (this.#temporary !== undefined) this.#guard(() => renameSync(this.#temporary!, name));
  }

  #close(): void {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
  }

  #guard<T>(action: () => T): T {
    try {
      return action();
    } catch (error) {
      if (this.#file !== undefined) this.discard();
      throw fromFileSystemError(error, this.#path, 'write');
    }
  }
}

/** Writes a file whole or not at all. @throws RiceError PATH_NOT_WRITABLE, DISK_FULL or PATH_NOT_FOUND */
export function writeAtomically(path: string, content: string | Uint8Array): void {
  const file = new AtomicFile(path);
  file.write(content);
  file.commit();
}

/** Says before the work starts that its result could not be written. */
export function checkWritable(path: string): void {
  try {
    const {target, exists} = locate(path);
    const folder = dirname(target);
    if (!exists && !statSync(folder, {throwIfNoEntry: false})?.isDirectory())
      throw new RiceError('PATH_NOT_FOUND', `cannot write ${path}: the folder ${folder} does not exist`);
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
