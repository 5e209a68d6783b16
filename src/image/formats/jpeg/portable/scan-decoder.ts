import {corrupt, truncated} from '../../bytes.ts';
import type {JpegScan} from '../frame.ts';
import {BitReader} from './bit-reader.ts';
import type {HuffmanTable} from './huffman-table.ts';
import {BLOCK, type Plane, type Units} from './plane.ts';

/** Where the coefficients of zigzag order stand in a block. */
export const ZIGZAG = Uint8Array.of(
  ...[
    0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7, 14, 21,
    28,
  ],
  ...[
    35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47,
    55, 62, 63,
  ],
);
/** The first of eight markers. */
const RESTART = 0xd0;
const LARGEST = 32_767;
const MOST_BITS = 15;

/** A color as a scan tells of it. */
interface ScannedPlane {
  plane: Plane;
  dc: HuffmanTable | undefined;
  ac: HuffmanTable | undefined;
  /** The constant of the block before. */
  constant: number;
}

type BlockDecoder = (scanned: ScannedPlane, at: number) => void;

/**
 * Decodes the entropy-coded data of one scan into coefficients (ITU-T T.81, annexes F and G). Whatever other decoders warn of
 * is an error: codes and runs that lead nowhere, data that end early or late, restarts that are missing.
 */
export class ScanDecoder {
  readonly #bits: BitReader;
  readonly #bytes: Uint8Array;
  readonly #scan: JpegScan;
  readonly #planes: ScannedPlane[];
  readonly #interval: number;
  readonly #decodeBlock: BlockDecoder;
  /** Blocks that the last code leaves without further coefficients. */
  #run = 0;
  #untilRestart: number;
  #restarts = 0;

  /** @param interval units between restarts; 0 for none */
  constructor(
    bytes: Uint8Array,
    scan: JpegScan,
    planes: Omit<ScannedPlane, 'constant'>[],
    interval: number,
    progressive: boolean,
  ) {
    this.#bytes = bytes;
    this.#bits = new BitReader(bytes, scan.data);
    this.#scan = scan;
    this.#planes = planes.map((plane) => ({...plane, constant: 0}));
    this.#interval = interval;
    this.#untilRestart = interval;
    this.#decodeBlock = progressive ? this.#progressiveDecoder() : (scanned, at) => this.#wholeBlock(scanned, at);
  }

  /**
   * @param onRow told of each row of units that is done; the planes have room for one row then, for all otherwise
   * @returns where the marker behind the scan lies
   */
  decode(units: Units, onRow?: (row: number) => void): number {
    const [first] = this.#planes;
    const alone = this.#planes.length === 1;
    const [across, down] = alone ? [first.plane.blocksAcross, first.plane.blocksDown] : [units.across, units.down];
    for (let row = 0; row < down; row++) {
      const stored = onRow ? 0 : row;
      for (let column = 0; column < across; column++) {
        if (this.#interval > 0 && this.#untilRestart-- === 0) this.#restart();
        if (alone) this.#decodeBlock(first, (stored * first.plane.stride + column) * BLOCK);
        else for (const scanned of this.#planes) this.#decodeUnit(scanned, stored, column);
      }
      onRow?.(row);
    }
    if (this.#run > 0) throw corrupt('JPEG', 'a scan has a run of blocks beyond the last');
    const end = this.#expectMarker();
    // Some writers put a restart behind the last unit, too.
    return (this.#bytes[end + 1] & 0xf8) === RESTART ? end + 2 : end;
  }

  #decodeUnit(scanned: ScannedPlane, row: number, column: number): void {
    const {h, v, stride} = scanned.plane;
    for (let y = 0; y < v; y++)
      for (let x = 0; x < h; x++) this.#decodeBlock(scanned, ((row * v + y) * stride + column * h + x) * BLOCK);
  }

  /** @returns where the marker lies */
  #expectMarker(): number {
    const {end} = this.#bits;
    const bytes = this.#bytes;
    if (end >= bytes.length) throw truncated('JPEG');
    if (bytes[end] !== 0xff || bytes[end + 1] === 0) throw corrupt('JPEG', 'it has data that belong to no pixel');
    return end;
  }

  #restart(): void {
    let at = this.#expectMarker();
    while (this.#bytes[at] === 0xff) at++;
    if (this.#run > 0 || this.#bytes[at] !== RESTART + (this.#restarts++ & 7))
      throw corrupt('JPEG', 'a restart is missing');
    this.#bits.restart(at + 1);
    this.#untilRestart = this.#interval - 1;
    for (const scanned of this.#planes) scanned.constant = 0;
  }

  #progressiveDecoder(): BlockDecoder {
    const {first, high} = this.#scan;
    if (first === 0)
      return high === 0 ? (plane, at) => this.#constant(plane, at) : ({plane}, at) => this.#refineConstant(plane, at);
    return high === 0 ? (plane, at) => this.#others(plane, at) : (plane, at) => this.#refineOthers(plane, at);
  }

  #wholeBlock(scanned: ScannedPlane, at: number): void {
    const {coefficients} = scanned.plane;
    const ac = tableOf(scanned.ac);
    coefficients[at] = this.#nextConstant(scanned);
    for (let k = 1; k < BLOCK; k++) {
      const symbol = this.#bits.decode(ac);
      const size = symbol & 15;
      if (size === 0) {
        if (symbol === 0) return;
        if (symbol !== 0xf0) throw badRun();
        k += 15;
        // The code stands for sixteen zeros: something must follow.
        if (k >= BLOCK - 1) throw badRun();
        continue;
      }
      k += symbol >> 4;
      if (k >= BLOCK) throw badRun();
      coefficients[at + ZIGZAG[k]] = this.#bits.takeSigned(size);
    }
  }

  #nextConstant(scanned: ScannedPlane): number {
    const size = this.#bits.decode(tableOf(scanned.dc));
    if (size > MOST_BITS) throw corrupt('JPEG', 'a code of its pixels is not valid');
    if (size > 0) scanned.constant += this.#bits.takeSigned(size);
    return fitting(scanned.constant);
  }

  #constant(scanned: ScannedPlane, at: number): void {
    scanned.plane.coefficients[at] = fitting(this.#nextConstant(scanned) * (1 << this.#scan.low));
  }

  #refineConstant({coefficients}: Plane, at: number): void {
    coefficients[at] |= this.#bits.take(1) << this.#scan.low;
  }

  #others({plane: {coefficients}, ac}: ScannedPlane, at: number): void {
    if (this.#run > 0) {
      this.#run--;
      return;
    }
    const {first, last, low} = this.#scan;
    const table = tableOf(ac);
    for (let k = first; k <= last; k++) {
      const symbol = this.#bits.decode(table);
      const zeros = symbol >> 4;
      const size = symbol & 15;
      if (size === 0 && zeros < 15) {
        this.#run = (1 << zeros) + (zeros > 0 ? this.#bits.take(zeros) : 0) - 1;
        return;
      }
      k += zeros;
      if (k > last) throw badRun();
      if (size > 0) coefficients[at + ZIGZAG[k]] = fitting(this.#bits.takeSigned(size) * (1 << low));
    }
  }

  #refineOthers({plane: {coefficients}, ac}: ScannedPlane, at: number): void {
    const {first, last, low} = this.#scan;
    const table = tableOf(ac);
    let k = first;
    if (this.#run === 0)
      for (; k <= last; k++) {
        const symbol = this.#bits.decode(table);
        const zeros = symbol >> 4;
        const size = symbol & 15;
        if (size > 1) throw corrupt('JPEG', 'a code of its pixels is not valid');
        if (size === 0 && zeros < 15) {
          this.#run = (1 << zeros) + (zeros > 0 ? this.#bits.take(zeros) : 0);
          break;
        }
        const value = size === 0 ? 0 : this.#bits.take(1) === 1 ? 1 << low : -1 << low;
        k = this.#refineUpTo(coefficients, at, k, zeros);
        if (k > last) throw badRun();
        if (value !== 0) coefficients[at + ZIGZAG[k]] = value;
      }
    if (this.#run > 0) {
      this.#refineUpTo(coefficients, at, k, BLOCK);
      this.#run--;
    }
  }

  /** Gives each coefficient that is known its next bit, past so many that are zero. @returns the position of the zero behind */
  #refineUpTo(coefficients: Int16Array, at: number, from: number, zeros: number): number {
    const {last, low} = this.#scan;
    let left = zeros;
    let k = from;
    for (; k <= last; k++) {
      const place = at + ZIGZAG[k];
      const value = coefficients[place];
      if (value === 0) {
        if (left-- === 0) break;
      } else if (this.#bits.take(1) === 1) coefficients[place] = fitting(value + (value < 0 ? -1 << low : 1 << low));
    }
    return k;
  }
}

function tableOf(table: HuffmanTable | undefined): HuffmanTable {
  if (!table) throw corrupt('JPEG', 'a table of codes is missing');
  return table;
}

function fitting(value: number): number {
  if (value > LARGEST || value < -LARGEST) throw corrupt('JPEG', 'a coefficient is too large');
  return value;
}

function badRun() {
  return corrupt('JPEG', 'a run of zeros leaves its block');
}
