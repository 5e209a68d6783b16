import {Xoshiro128} from '../../../src/common/xoshiro128.ts';

/** Damaged copies of files, always the same ones for the same seed. */
export class Damage {
  readonly #numbers: Xoshiro128;

  constructor(seed: number) {
    this.#numbers = new Xoshiro128([seed, 2, 3, 4]);
  }

  /** A copy with one to four changes, mostly near the beginning, where what describes the rest is. */
  damage(bytes: Uint8Array): Buffer {
    let copy: Buffer = Buffer.from(bytes);
    for (let k = 1 + this.#below(4); k > 0 && copy.length > 0; k--) copy = this.#change(copy);
    return copy;
  }

  #change(bytes: Buffer): Buffer {
    const at = this.#below(this.#below(3) === 0 ? bytes.length : Math.min(bytes.length, 600));
    const end = Math.min(bytes.length, at + 1 + this.#below(12));
    switch (this.#below(6)) {
      case 0:
        bytes[at] ^= 1 << this.#below(8);
        return bytes;
      case 1:
        bytes[at] = this.#below(256);
        return bytes;
      case 2:
        return bytes.subarray(0, at);
      case 3:
        return Buffer.concat([bytes.subarray(0, at), bytes.subarray(end)]);
      case 4:
        return Buffer.concat([bytes.subarray(0, end), bytes.subarray(at)]);
      default:
        return bytes.fill(this.#below(2) * 0xff, at, end);
    }
  }

  #below(end: number): number {
    return this.#numbers.integer() % end;
  }
}
