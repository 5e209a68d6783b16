import {once} from 'node:events';
import {AtomicFile, checkWritable} from './atomic-file.ts';

/** Where results go: standard output, or a file that appears whole or not at all. */
export class ResultOutput {
  readonly #path: string | undefined;
  #file: AtomicFile | undefined;
  #closed = false;

  /** @throws RiceError where the file could not be written later */
  constructor(path: string | undefined) {
    this.#path = path;
    if (path !== undefined) checkWritable(path);
  }

  /** The stream that shows it, for colours. */
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
    this.#closed = true;
  }

  /** Leaves no trace of a file that is not whole. */
  discard(): void {
    if (!this.#closed) this.#file?.discard();
    this.#closed = true;
  }

  /** Leaves what there is so far under another name, and tells it. */
  keepPartial(): string | undefined {
    const kept = this.#closed ? undefined : this.#file?.keepPartial();
    this.#closed = true;
    return kept;
  }

  #open(): AtomicFile {
    this.#file ??= new AtomicFile(this.#path!);
    return this.#file;
  }
}
