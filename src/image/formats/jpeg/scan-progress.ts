import {corrupt} from '../bytes.ts';
import type {JpegFrame, JpegScan} from './frame.ts';

const COEFFICIENTS = 64;
const MISSING = -1;

/** Which coefficients of which colors the scans have told, and down to which bit: whether anything is missing, or told twice. */
export class ScanProgress {
  /** For each color and coefficient the lowest bit that is known. */
  readonly #bits: Int8Array[];
  readonly #progressive: boolean;
  /** Scans so far. */
  count = 0;

  constructor({components, progressive}: JpegFrame) {
    this.#bits = components.map(() => new Int8Array(COEFFICIENTS).fill(MISSING));
    this.#progressive = progressive;
  }

  /** @throws RiceError IMAGE_CORRUPT where the scan does not go on from those before it (ITU-T T.81, section G.1.1.1) */
  take({components, first, last, high, low}: JpegScan): void {
    this.count++;
    for (const {index} of components) {
      const bits = this.#bits[index];
      if (first > 0 && bits[0] === MISSING) throw corrupt('JPEG', 'a scan comes before the one that it refines');
      for (let k = first; k <= last; k++) {
        const expected = bits[k] === MISSING ? 0 : this.#progressive ? bits[k] : MISSING;
        if (high !== expected || (bits[k] === 0 && this.#progressive))
          throw corrupt('JPEG', 'a scan tells of the same as another');
        bits[k] = low;
      }
    }
  }

  /** Whether every color is there, however roughly. */
  get showsAll(): boolean {
    return this.#bits.every(([constant]) => constant !== MISSING);
  }

  /** Whether nothing can follow. */
  get complete(): boolean {
    return this.#bits.every((bits) => bits.every((bit) => bit === 0));
  }
}
