import {corrupt} from '../../bytes.ts';

/** Codes of up to so many bits are found at once. */
export const LOOKUP_BITS = 9;
const LONGEST_CODE = 16;

/** A table of Huffman codes as a file defines it (ITU-T T.81, section C.2). */
export class HuffmanTable {
  /** By the next `LOOKUP_BITS` bits: length of the code * 256 + symbol; 0 for longer ones. */
  readonly lookup = new Uint16Array(1 << LOOKUP_BITS);
  readonly #symbols: Uint8Array;
  /** For each length: its first code, how many there are, and the position of the first one's symbol. */
  readonly #first = new Int32Array(LONGEST_CODE + 1);
  readonly #counts: Uint8Array;
  readonly #positions = new Int32Array(LONGEST_CODE + 1);

  /**
   * @param counts number of codes of 1 to 16 bits
   * @throws RiceError IMAGE_CORRUPT where there are more codes than so many bits can tell apart
   */
  constructor(counts: Uint8Array, symbols: Uint8Array) {
    this.#counts = counts;
    this.#symbols = symbols;
    let code = 0;
    let position = 0;
    for (let length = 1; length <= LONGEST_CODE; length++) {
      const count = counts[length - 1];
      this.#first[length] = code;
      this.#positions[length] = position;
      if (code + count > 1 << length) throw corrupt('JPEG', 'a table of codes is not possible');
      if (length <= LOOKUP_BITS)
        for (let i = 0; i < count; i++) {
          const start = (code + i) << (LOOKUP_BITS - length);
          this.lookup.fill((length << 8) | symbols[position + i], start, start + (1 << (LOOKUP_BITS - length)));
        }
      position += count;
      code = (code + count) << 1;
    }
  }

  symbolOf(code: number, length: number): number | undefined {
    const offset = code - this.#first[length];
    return offset >= 0 && offset < this.#counts[length - 1]
      ? this.#symbols[this.#positions[length] + offset]
      : undefined;
  }

  refuse(): never {
    throw corrupt('JPEG', 'a code of its pixels is not valid');
  }
}
