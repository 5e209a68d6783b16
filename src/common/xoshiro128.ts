/** Four 32-bit words, not all 0. */
export type State = [a: number, b: number, c: number, d: number];

/** The generator xoshiro128** (Blackman & Vigna 2018, arXiv:1805.01407). */
export class Xoshiro128 {
  #a: number;
  #b: number;
  #c: number;
  #d: number;

  constructor(state: State) {
    [this.#a, this.#b, this.#c, this.#d] = state;
  }

  /** An integer in [0, 2^32). */
  integer(): number {
    const result = Math.imul(rotate(Math.imul(this.#b, 5), 7), 9) >>> 0;
    const shifted = this.#b << 9;
    this.#c ^= this.#a;
    this.#d ^= this.#b;
    this.#b ^= this.#c;
    this.#a ^= this.#d;
    this.#c ^= shifted;
    this.#d = rotate(this.#d, 11);
    return result;
  }
}

function rotate(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits));
}
