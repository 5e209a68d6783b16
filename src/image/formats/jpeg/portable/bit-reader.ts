import {truncated} from '../../bytes.ts';
import {type HuffmanTable, LOOKUP_BITS} from './huffman-table.ts';

const LOOKUP_MASK = (1 << LOOKUP_BITS) - 1;
const LONGEST_CODE = 16;

/** Reads bits of entropy-coded data up to the next marker. Nothing is made up: more bits than there are is an error. */
export class BitReader {
  readonly #bytes: Uint8Array;
  #at: number;
  /** The last `count` of these are the next ones. */
  #bits = 0;
  #count = 0;

  constructor(bytes: Uint8Array, start: number) {
    this.#bytes = bytes;
    this.#at = start;
  }

  /** Where the marker behind the bits must lie: the offset of the first byte that was not begun. */
  get end(): number {
    return this.#at - this.#wholeBytesLeft();
  }

  /** Goes on behind a restart marker. */
  restart(at: number): void {
    this.#at = at;
    this.#bits = 0;
    this.#count = 0;
  }

  /** The next `count` bits as a number, at most 16. @throws RiceError IMAGE_TRUNCATED */
  take(count: number): number {
    if (this.#count < count) this.#fill(count);
    this.#count -= count;
    return (this.#bits >>> this.#count) & ((1 << count) - 1);
  }

  /** A number of `count` bits as differences and coefficients are stored (ITU-T T.81, figure F.12). */
  takeSigned(count: number): number {
    const value = this.take(count);
    return value < 1 << (count - 1) ? value - (1 << count) + 1 : value;
  }

  /** The symbol that the next bits stand for. */
  decode(table: HuffmanTable): number {
    if (this.#count < LONGEST_CODE) this.#fill(0);
    const ahead = this.#count - LOOKUP_BITS;
    const entry = table.lookup[(ahead >= 0 ? this.#bits >>> ahead : this.#bits << -ahead) & LOOKUP_MASK];
    if (entry === 0) return this.#decodeLong(table);
    const length = entry >> 8;
    if (length > this.#count) throw truncated('JPEG');
    this.#count -= length;
    return entry & 255;
  }

  #decodeLong(table: HuffmanTable): number {
    for (let length = LOOKUP_BITS + 1; length <= LONGEST_CODE; length++) {
      if (length > this.#count) throw truncated('JPEG');
      const code = (this.#bits >>> (this.#count - length)) & ((1 << length) - 1);
      const symbol = table.symbolOf(code, length);
      if (symbol === undefined) continue;
      this.#count -= length;
      return symbol;
    }
    return table.refuse();
  }

  /** Reads ahead; a marker ends the data. */
  #fill(needed: number): void {
    const bytes = this.#bytes;
    while (this.#count <= 24 && this.#at < bytes.length) {
      const byte = bytes[this.#at];
      if (byte === 0xff) {
        if (bytes[this.#at + 1] !== 0) break;
        this.#at++;
      }
      this.#at++;
      this.#bits = (this.#bits << 8) | byte;
      this.#count += 8;
    }
    if (this.#count < needed) throw truncated('JPEG');
  }

  /** Stored bytes that were read ahead but not begun, with those that are stuffed. */
  #wholeBytesLeft(): number {
    let at = this.#at;
    for (let left = this.#count >> 3; left > 0; left--)
      at -= at >= 2 && this.#bytes[at - 1] === 0 && this.#bytes[at - 2] === 0xff ? 2 : 1;
    return this.#at - at;
  }
}
