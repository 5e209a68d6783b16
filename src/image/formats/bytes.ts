import {RiceError} from '../../common/errors.ts';

/** Reads numbers out of an encoded image; going past its end means that the file was cut. */
export class ByteReader {
  readonly bytes: Uint8Array;
  /** The format's title, for errors. */
  readonly format: string;
  littleEndian: boolean;
  readonly #view: DataView;

  constructor(bytes: Uint8Array, format: string, littleEndian: boolean) {
    this.bytes = bytes;
    this.format = format;
    this.littleEndian = littleEndian;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get length(): number {
    return this.bytes.length;
  }

  /** Makes sure that `count` bytes lie at `offset`. */
  need(offset: number, count: number): void {
    if (offset < 0 || offset + count > this.bytes.length) throw truncated(this.format);
  }

  u8(offset: number): number {
    this.need(offset, 1);
    return this.bytes[offset];
  }

  u16(offset: number): number {
    this.need(offset, 2);
    return this.#view.getUint16(offset, this.littleEndian);
  }

  u32(offset: number): number {
    this.need(offset, 4);
    return this.#view.getUint32(offset, this.littleEndian);
  }

  /** @throws RiceError IMAGE_CORRUPT where it is larger than any file */
  u64(offset: number): number {
    const [high, low] = this.littleEndian
      ? [this.u32(offset + 4), this.u32(offset)]
      : [this.u32(offset), this.u32(offset + 4)];
    const value = high * 2 ** 32 + low;
    if (!Number.isSafeInteger(value)) throw corrupt(this.format, 'it states a size that no file has');
    return value;
  }

  i32(offset: number): number {
    this.need(offset, 4);
    return this.#view.getInt32(offset, this.littleEndian);
  }

  ascii(offset: number, count: number): string {
    this.need(offset, count);
    return String.fromCharCode(...this.bytes.subarray(offset, offset + count));
  }
}

/** @param format its title, for people */
export function truncated(format: string, cause?: unknown): RiceError {
  return new RiceError('IMAGE_TRUNCATED', `the ${format} ends before its last pixel`, {cause});
}

/** @param format its title, for people */
export function corrupt(format: string, reason: string, cause?: unknown): RiceError {
  return new RiceError('IMAGE_CORRUPT', `the ${format} is damaged: ${reason}`, {cause});
}

export function unsupported(what: string): RiceError {
  return new RiceError('IMAGE_UNSUPPORTED', `${what} is not supported`);
}
