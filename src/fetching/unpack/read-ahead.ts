import {readSync} from 'node:fs';
import yauzl from 'yauzl';

/** Bytes to read at a time. */
const BLOCK = 1 << 20;

/**
 * Reads a file block by block for yauzl, which requests about fifty bytes at a time. This makes reading a directory of
 * 75,000 entries seven times faster.
 */
export class ReadAhead extends yauzl.RandomAccessReader {
  readonly #file: number;
  #block: Buffer = Buffer.alloc(0);
  #start = 0;
  #end = 0;

  /** @param file a file descriptor, which stays open */
  constructor(file: number) {
    super();
    this.#file = file;
  }

  /** The end of the last requested range. */
  get end(): number {
    return this.#end;
  }

  override read(
    target: Buffer,
    offset: number,
    length: number,
    position: number,
    done: (error: Error | null, bytes?: number) => void,
  ): void {
    this.#end = position + length;
    try {
      if (position < this.#start || position + length > this.#start + this.#block.length) this.#load(position, length);
      const from = position - this.#start;
      done(null, this.#block.copy(target, offset, from, from + length));
    } catch (error) {
      done(error as Error);
    }
  }

  override close(done: (error: Error | null) => void): void {
    done(null);
  }

  #load(position: number, length: number): void {
    const block = Buffer.allocUnsafe(Math.max(BLOCK, length));
    this.#block = block.subarray(0, readSync(this.#file, block, 0, block.length, position));
    this.#start = position;
  }
}
