import {closeSync, fsyncSync, openSync, writeSync} from 'node:fs';
import {fromFileSystemError} from '../errors.ts';

/** Appends bytes to a file, with repeated writes, because a nearly full disk may accept only a part. */
export class FileWriter {
  /** The number of bytes written so far, which is the offset of the next write. */
  position = 0;
  readonly #name: string;
  #file: number | undefined;

  /**
   * @param flags the flags of `open`; by default the file is created or truncated
   * @param name the path to show in errors, if `path` is temporary
   * @throws RiceError PATH_NOT_WRITABLE or PATH_NOT_FOUND
   */
  constructor(path: string, {flags = 'w' as string | number, name = path} = {}) {
    this.#name = name;
    this.#file = this.#guard(() => openSync(path, flags));
  }

  get isOpen(): boolean {
    return this.#file !== undefined;
  }

  /** @throws RiceError DISK_FULL or PATH_NOT_WRITABLE */
  append(bytes: Uint8Array): void {
    this.#guard(() => {
      for (let done = 0; done < bytes.length; ) done += writeSync(this.#file!, bytes, done, bytes.length - done);
    });
    this.position += bytes.length;
  }

  /** Waits until the bytes are on the disk, so that a later rename cannot survive a power failure without them. */
  flush(): void {
    this.#guard(() => fsyncSync(this.#file!));
  }

  close(): void {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
  }

  #guard<T>(action: () => T): T {
    try {
      return action();
    } catch (error) {
      throw fromFileSystemError(error, this.#name, 'write');
    }
  }
}
