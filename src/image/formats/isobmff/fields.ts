import {type ByteReader, corrupt} from '../bytes.ts';
import type {Box} from './box.ts';

/** Reads the fields of a box one after the other; none may reach past its end. */
export class Fields {
  readonly reader: ByteReader;
  readonly #type: string;
  readonly #end: number;
  #at: number;

  constructor(reader: ByteReader, {type, start, end}: Box) {
    this.reader = reader;
    this.#type = type;
    this.#at = start;
    this.#end = end;
  }

  get left(): number {
    return this.#end - this.#at;
  }

  /** Where the next field starts. */
  get at(): number {
    return this.#at;
  }

  /** A number of 0, 1, 2, 3, 4 or 8 bytes; of none, 0. */
  uint(bytes: number): number {
    const at = this.skip(bytes);
    const {reader} = this;
    if (bytes === 8) return reader.u64(at);
    if (bytes === 4) return reader.u32(at);
    if (bytes === 3) return reader.u16(at) * 256 + reader.u8(at + 2);
    if (bytes === 2) return reader.u16(at);
    return bytes === 1 ? reader.u8(at) : 0;
  }

  int32(): number {
    return this.reader.i32(this.skip(4));
  }

  ascii(count: number): string {
    return this.reader.ascii(this.skip(count), count);
  }

  /** Version and flags, with which a full box starts (ISO/IEC 14496-12, section 4.2.2). */
  versionAndFlags(): {version: number; flags: number} {
    return {version: this.uint(1), flags: this.uint(3)};
  }

  /** @returns where the skipped bytes start */
  skip(bytes: number): number {
    if (bytes > this.left) throw corrupt(this.reader.format, `its ${this.#type} ends early`);
    const at = this.#at;
    this.#at += bytes;
    return at;
  }
}
