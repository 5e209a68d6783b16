import {corrupt} from './bytes.ts';

/** Reads numbers of any length in bits, the most significant first; going past the end means damage. */
export class BitReader {
  readonly #bytes: Uint8Array;
  readonly #format: string;
  #position = 0;

  /** @param format its title, for errors */
  constructor(bytes: Uint8Array, format: string) {
    this.#bytes = bytes;
    this.#format = format;
  }

  /** @param count at most 32 */
  read(count: number): number {
    if (this.#position + count > this.#bytes.length * 8)
      throw corrupt(this.#format, 'a header of its pixels ends early');
    let value = 0;
    for (let i = 0; i < count; i++) {
      const bit = (this.#bytes[this.#position >> 3] >> (7 - (this.#position & 7))) & 1;
      value = value * 2 + bit;
      this.#position++;
    }
    return value;
  }

  flag(): boolean {
    return this.read(1) === 1;
  }

  skip(count: number): void {
    for (let left = count; left > 0; left -= 32) this.read(Math.min(left, 32));
  }

  /** An Exp-Golomb code: `ue(v)` of ITU-T H.265, section 9.2, and `uvlc()` of AV1, section 4.10.3. */
  exponential(): number {
    let zeros = 0;
    while (!this.flag())
      if (++zeros > 31) throw corrupt(this.#format, 'a number in a header of its pixels is too large');
    return 2 ** zeros - 1 + this.read(zeros);
  }
}
