import {corrupt} from '../bytes.ts';
import type {JpegFrame, JpegScan} from './frame.ts';

const COEFFICIENTS = 64;
const MISSING = -1;

/** Which coefficients of which colors the scans have told, and down to which bit: whether anything is missing, or told twice. */
export class ScanProgress {
  readonly #progressive: boolean;
  /** Colors that no scan has told of. */
  #missing: number;
  /** Of sequential frames: whether a scan has told of a color. Each must do so once. */
  readonly #told: boolean[];
  /** Of progressive frames, for each color and coefficient: the lowest bit that is known. */
  readonly #bits: Int8Array[];
  /** Scans so far. */
  count = 0;

  constructor({components, progressive}: JpegFrame) {
    this.#progressive = progressive;
    this.#missing = components.length;
    this.#told = components.map(() => false);
    this.#bits = progressive ? components.map(() => new Int8Array(COEFFICIENTS).fill(MISSING)) : [];
  }

  /** @throws RiceError IMAGE_CORRUPT where the scan does not go on from those before it (ITU-T T.81, section G.1.1.1) */
  take(scan: JpegScan): void {
    this.count++;
    for (const {index} of scan.components) {
      if (this.#progressive) this.#refine(this.#bits[index], scan);
      else if (this.#told[index]) throw toldTwice();
      if (!this.#told[index]) this.#missing--;
      this.#told[index] = true;
    }
  }

  #refine(bits: Int8Array, {first, last, high, low}: JpegScan): void {
    if (first > 0 && bits[0] === MISSING) throw corrupt('JPEG', 'a scan comes before the one that it refines');
    for (let k = first; k <= last; k++) {
      if (bits[k] === 0 || high !== (bits[k] === MISSING ? 0 : bits[k])) throw toldTwice();
      bits[k] = low;
    }
  }

  /** Whether every color is there, however roughly. */
  get showsAll(): boolean {
    return this.#missing === 0;
  }

  /** Whether nothing can follow. */
  get complete(): boolean {
    return this.showsAll && this.#bits.every((bits) => bits.every((bit) => bit === 0));
  }
}

function toldTwice() {
  return corrupt('JPEG', 'a scan tells of the same as another');
}
