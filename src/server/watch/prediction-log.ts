import {closeSync, fstatSync, openSync, renameSync, rmSync} from 'node:fs';
import {appendFile} from 'node:fs/promises';
import {fromFileSystemError, type RiceError} from '../../common/errors.ts';

export interface PredictionLogOptions {
  /** A file that would grow beyond this is rotated first. */
  maxBytes: number;
  /** Number of rotated files to keep; `FILE.1` is the latest. */
  files: number;
  /** Called once when lines are lost, and again only after a successful write. */
  onError(error: RiceError): void;
}

/** Lines that may wait for the disk; more are dropped to save memory. */
const MAX_WAITING = 10_000;

/** Writes predictions to a file as JSON lines in the background, and rotates the file when it is large. */
export class PredictionLog {
  readonly #path: string;
  readonly #options: PredictionLogOptions;
  #size: number;
  #waiting: string[] = [];
  #writing: Promise<void> | undefined;
  #failing = false;

  /** @throws RiceError PATH_NOT_WRITABLE, PATH_NOT_FOUND or DISK_FULL */
  constructor(path: string, options: PredictionLogOptions) {
    this.#path = path;
    this.#options = options;
    try {
      const file = openSync(path, 'a', 0o600);
      this.#size = fstatSync(file).size;
      closeSync(file);
    } catch (error) {
      throw fromFileSystemError(error, path, 'write');
    }
  }

  write(line: object): void {
    if (this.#waiting.length >= MAX_WAITING) {
      this.#fail(new Error('the disk is slower than the predictions'));
      return;
    }
    this.#waiting.push(`${JSON.stringify(line)}\n`);
    this.#writing ??= this.#drain().finally(() => {
      this.#writing = undefined;
    });
  }

  /** Waits until everything is written. */
  async close(): Promise<void> {
    while (this.#writing) await this.#writing;
  }

  async #drain(): Promise<void> {
    // Lines of the same tick are written together.
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      const lines = this.#waiting;
      this.#waiting = [];
      try {
        await this.#append(lines);
        this.#failing = false;
      } catch (error) {
        this.#fail(error);
      }
    }
  }

  async #append(lines: readonly string[]): Promise<void> {
    const {maxBytes} = this.#options;
    let portion = '';
    let bytes = 0;
    const flush = async () => {
      await appendFile(this.#path, portion, {mode: 0o600});
      this.#size += bytes;
      portion = '';
      bytes = 0;
    };
    for (const line of lines) {
      const length = Buffer.byteLength(line);
      if (this.#size + bytes > 0 && this.#size + bytes + length > maxBytes) {
        if (bytes > 0) await flush();
        this.#rotate();
      }
      portion += line;
      bytes += length;
    }
    await flush();
  }

  #rotate(): void {
    const {files} = this.#options;
    const name = (age: number) => (age === 0 ? this.#path : `${this.#path}.${age}`);
    rmSync(name(files), {force: true});
    for (let age = files - 1; age >= 0; age--) {
      try {
        renameSync(name(age), name(age + 1));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      }
    }
    this.#size = 0;
  }

  #fail(error: unknown): void {
    if (!this.#failing) this.#options.onError(fromFileSystemError(error, this.#path, 'write'));
    this.#failing = true;
  }
}
