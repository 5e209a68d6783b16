import {closeSync, fsyncSync, openSync, writeSync} from 'node:fs';
import {fromFileSystemError} from '../errors.ts';

/** Appends bytes to a file, all of them or an error: a full disk may take a part of a write. */
export class FileWriter {
  /** Bytes written so far: where the next ones will stand. */
  position = 0;
  readonly #name: string;
  #file: number | undefined;

  /**
   * @param flags as `open` takes them; by default the file is made, or emptied
   * @param name of the file in errors, where its path is a temporary one
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

  /** Waits until the bytes are on the disk, so that a rename after it cannot outrun them when the power fails. */
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
