import {closeSync, fsyncSync, openSync, writeSync} from 'node:fs';
import {fromFileSystemError} from '../errors.ts';

/** Appends bytes to a file, all of them or an error: a full disk may take a part of a write. */
export class PatchWriter {
  /** Bytes written so far: where the next ones will stand. */
  position = 0;
  readonly #path: string;
  #file: number | undefined;

  constructor(path: string) {
    this.#path = path;
    this.#file = this.#guard(() => openSync(path, 'w'));
  }

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
      throw fromFileSystemError(error, this.#path, 'write');
    }
  }
}
