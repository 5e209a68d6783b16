import {once} from 'node:events';
import {AtomicFile, checkWritable} from '../common/files/atomic-file.ts';

/** Where results go: standard output, or a file that appears whole or not at all. */
export class ResultOutput {
  readonly #path: string | undefined;
  /** For a process that is made to end at once: hours of work may be in the file. */
  readonly #keepAtExit = () => this.keepPartial();
  #file: AtomicFile | undefined;
  #closed = false;

  /** @throws RiceError where the file could not be written later */
  constructor(path: string | undefined) {
    this.#path = path;
    if (path !== undefined) checkWritable(path);
  }

  /** The stream that shows it, for colors. */
  get stream(): {isTTY?: boolean} {
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

  /** Waits until a reader that is slower has taken what was written, so that it does not pile up in memory. */
  async drained(): Promise<void> {
    if (this.#path === undefined && process.stdout.writableNeedDrain) await once(process.stdout, 'drain');
  }

  /** Gives the file its name, an empty one too. What was closed before stays as it is. */
  commit(): void {
    if (this.#path !== undefined && !this.#closed) this.#open().commit();
    this.#close();
  }

  /** Leaves no trace of a file that is not whole. */
  discard(): void {
    if (!this.#closed) this.#file?.discard();
    this.#close();
  }

  /** Leaves what there is so far under another name, and tells it. */
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
