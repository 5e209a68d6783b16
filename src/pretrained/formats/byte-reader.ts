/** The longest name in a pickle. */
const MAX_LINE = 10_000;

/** Reads bytes from front to back. Every method throws an Error where the bytes end too early. */
export class ByteReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #position: number;

  constructor(bytes: Uint8Array, position = 0) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#position = position;
  }

  get position(): number {
    return this.#position;
  }

  byte(): number {
    return this.#bytes[this.#advance(1)];
  }

  uint16(): number {
    return this.#view.getUint16(this.#advance(2), true);
  }

  int32(): number {
    return this.#view.getInt32(this.#advance(4), true);
  }

  uint32(): number {
    return this.#view.getUint32(this.#advance(4), true);
  }

  /** Exact up to 2^53; no more can be meant. */
  uint64(): number {
    return Number(this.#view.getBigUint64(this.#advance(8), true));
  }

  float64BigEndian(): number {
    return this.#view.getFloat64(this.#advance(8), false);
  }

  /** A view, not a copy. */
  bytes(length: number): Uint8Array {
    const start = this.#advance(length);
    return this.#bytes.subarray(start, start + length);
  }

  /** UTF-8; what is not becomes U+FFFD. */
  text(length: number): string {
    return Buffer.from(this.bytes(length)).toString();
  }

  /** Text up to a newline, which is left out. */
  line(): string {
    const rest = this.#bytes.subarray(this.#position, this.#position + MAX_LINE);
    const length = rest.indexOf(10);
    if (length < 0) throw new Error('it has a line without an end');
    const text = this.text(length);
    this.#advance(1);
    return text;
  }

  #advance(length: number): number {
    const start = this.#position;
    if (length > this.#bytes.length - start) throw new Error(`it ends after ${this.#bytes.length} bytes, too early`);
    this.#position += length;
    return start;
  }
}
