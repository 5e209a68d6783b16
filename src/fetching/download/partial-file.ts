import {
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  lstatSync,
  mkdirSync,
  openSync,
  read as readInto,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import {join} from 'node:path';
import {promisify} from 'node:util';
import {fromFileSystemError} from '../../common/errors.ts';
import {ContentHash} from './content-hash.ts';
import {type DownloadState, readState, writeState} from './download-state.ts';
import {ARCHIVE_FILE, type WholeFile} from './whole-file.ts';

const read = promisify(readInto);

const PARTIAL_FILE = 'archive.part';
const READ_BYTES = 1 << 20;

/** Whether a folder has a partial file that cannot be resumed: it is empty, or its content is unknown. */
export function isUnusablePartial(folder: string): boolean {
  const partial = lstatSync(join(folder, PARTIAL_FILE), {throwIfNoEntry: false});
  return partial !== undefined && (partial.size === 0 || readState(folder)?.identity === undefined);
}

/**
 * A partially downloaded file: its bytes so far, and a state file with the identity of the content. The state is written
 * before the bytes, so even after a kill the bytes are always the beginning of that content. The folder must be locked.
 */
export class PartialFile {
  readonly #folder: string;
  readonly #path: string;
  readonly #file: number;
  #isOpen = true;
  #size: number;
  #state: DownloadState | undefined;
  #hash = new ContentHash();

  /** @throws RiceError PATH_NOT_WRITABLE, PATH_NOT_FOUND, PATH_NOT_READABLE or DISK_FULL; the reason of the signal */
  static async open(folder: string, signal?: AbortSignal): Promise<PartialFile> {
    const path = join(folder, PARTIAL_FILE);
    const file = guard(path, () => {
      mkdirSync(folder, {recursive: true});
      return openRegularFile(path);
    });
    const partial = new PartialFile(folder, path, file);
    try {
      if (partial.state === undefined) partial.clear();
      await partial.#hashExistingBytes(signal);
      return partial;
    } catch (error) {
      partial.close();
      throw error;
    }
  }

  private constructor(folder: string, path: string, file: number) {
    this.#folder = folder;
    this.#path = path;
    this.#file = file;
    this.#size = fstatSync(file).size;
    this.#state = readState(folder);
  }

  /** Number of bytes so far. */
  get size(): number {
    return this.#size;
  }

  /** The content that the bytes belong to. */
  get state(): DownloadState | undefined {
    return this.#state;
  }

  /** Deletes the bytes so far. */
  clear(): void {
    guard(this.#path, () => ftruncateSync(this.#file, 0));
    this.#size = 0;
    this.#hash = new ContentHash();
  }

  /** Sets the content that the bytes so far and the next ones belong to. */
  describe(state: DownloadState): void {
    writeState(this.#folder, state);
    this.#state = state;
  }

  append(bytes: Uint8Array): void {
    guard(this.#path, () => {
      for (let done = 0; done < bytes.length; ) {
        const written = writeSync(this.#file, bytes, done, bytes.length - done, this.#size);
        this.#hash.update(bytes.subarray(done, done + written));
        this.#size += written;
        done += written;
      }
    });
  }

  /** The digests of the bytes so far. */
  digests(): WholeFile['digests'] {
    return this.#hash.digests();
  }

  /** Renames the file, which must be complete, to its final name. */
  complete(): WholeFile {
    const path = join(this.#folder, ARCHIVE_FILE);
    const whole = {path, bytes: this.#size, digests: this.digests()};
    guard(this.#path, () => fsyncSync(this.#file));
    this.describe({identity: this.#state?.identity, total: whole.bytes, digests: whole.digests});
    this.close();
    guard(path, () => renameSync(this.#path, path));
    return whole;
  }

  /** Keeps the bytes so far. */
  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    try {
      fsyncSync(this.#file);
    } catch {
      // Bytes that a failing disk loses are downloaded again.
    }
    closeSync(this.#file);
  }

  async #hashExistingBytes(signal: AbortSignal | undefined): Promise<void> {
    const buffer = Buffer.allocUnsafe(Math.min(this.#size, READ_BYTES));
    try {
      for (let position = 0; position < this.#size; ) {
        const {bytesRead} = await read(this.#file, buffer, 0, Math.min(buffer.length, this.#size - position), position);
        signal?.throwIfAborted();
        if (bytesRead === 0) throw new Error('it became shorter while it was read');
        this.#hash.update(buffer.subarray(0, bytesRead));
        position += bytesRead;
      }
    } catch (error) {
      signal?.throwIfAborted();
      throw fromFileSystemError(error, this.#path, 'read');
    }
  }
}

/** Opens a file to append to it. Anything that is not a regular file with a single name, such as a link, is removed. */
function openRegularFile(path: string): number {
  const existing = lstatSync(path, {throwIfNoEntry: false});
  if (existing && !(existing.isFile() && existing.nlink === 1)) rmSync(path, {recursive: true});
  // Windows has no O_NOFOLLOW.
  return openSync(path, constants.O_RDWR | constants.O_CREAT | (constants.O_NOFOLLOW ?? 0), 0o644);
}

function guard<T>(path: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw fromFileSystemError(error, path, 'write');
  }
}
