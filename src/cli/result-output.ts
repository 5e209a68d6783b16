import {once} from 'node:events';
import {AtomicFile, checkWritable} from '../common/files/atomic-file.ts';

/** Writes results to standard output, or to a file that is written completely or not at all. */
export class ResultOutput {
  readonly #path: string | undefined;
  /** Keeps the partial file if the process must end at once: it may hold hours of work. */
  readonly #keepAtExit = () => this.keepPartial();
  #file: AtomicFile | undefined;
  #closed = false;

  /**
   * @param path `-` and undefined mean standard output
   * @throws RiceError if the file cannot be written, before any work is done
   */
  constructor(path: string | undefined) {
    this.#path = path === '-' ? undefined : path;
    if (this.#path !== undefined) checkWritable(this.#path);
  }

  /** The stream that decides about colors and width. */
  get stream(): {isTTY?: boolean; columns?: number} {
    return this.#path === undefined ? process.stdout : {};
  }

  get isFile(): boolean {
    return this.#path !== undefined;
  }

  write(text: string): void {
    if (text === '') return;
    if (this.#path === undefined) process.stdout.write(text);
    else this.#open().write(text);
  }

  /** Waits for a slow reader of standard output, so that output does not pile up in memory. */
  async drained(): Promise<void> {
    if (this.#path === undefined && process.stdout.writableNeedDrain) await once(process.stdout, 'drain');
  }

  /** Renames the file to its final name, even if it is empty. Does nothing once the output is closed. */
  commit(): void {
    if (this.#path !== undefined && !this.#closed) this.#open().commit();
    this.#close();
  }

  /** Deletes the incomplete file. */
  discard(): void {
    if (!this.#closed) this.#file?.discard();
    this.#close();
  }

  /** Keeps the incomplete file under another name. @returns that name */
  keepPartial(): string | undefined {
    const kept = this.#closed ? undefined : this.#file?.keepPartial();
    this.#close();
    return kept;
  }

  #close(): void {
    this.#closed = true;
    process.off('exit', this.#keepAtExit);
  }

  #open(): AtomicFile {
    if (!this.#file) {
      this.#file = new AtomicFile(this.#path!);
      process.once('exit', this.#keepAtExit);
    }
    return this.#file;
  }
}
