import {closeSync, openSync, readFileSync, readSync} from 'node:fs';
import {crc32, inflateRawSync} from 'node:zlib';
import {fromFileSystemError, RiceError} from '../../common/errors.ts';
import type {Content} from './container.ts';

type ZipContent = Extract<Content, {kind: 'zip'}>;

/** Size of a local header without its name and extra fields. */
export const LOCAL_HEADER = 30;
const LOCAL_SIGNATURE = 0x04034b50;

/** Enough for most local headers with name and extra fields, so that a single read gets a whole entry. */
const HEADER_BYTES = 512;

/** Reads the bytes of files in archives and folders, one at a time. Keeps the archive open between calls. */
export class Extractor {
  readonly #name: string;
  #archive: {name: string; file: number} | undefined;
  #buffer = Buffer.alloc(1 << 16);

  /** @param name the name of the container, for messages */
  constructor(name: string) {
    this.#name = name;
  }

  /**
   * The bytes of a file, valid until the next call.
   *
   * @param path the path of the file, for messages
   * @param bytes its size, as the container states it
   * @throws RiceError ARCHIVE_DAMAGED, or PATH_... if the archive cannot be read; errors of `node:fs` for separate files
   */
  extract(path: string, bytes: number, content: Content): Uint8Array {
    if (content.kind === 'bytes') return content.bytes;
    if (content.kind === 'file') return readFileSync(content.file);
    const packed = this.#readPacked(path, content);
    const unpacked = content.deflated ? this.#inflate(path, bytes, packed) : packed;
    if (unpacked.length !== bytes) throw this.#damaged(path, `it has ${unpacked.length} bytes instead of ${bytes}`);
    if (crc32(unpacked) !== content.crc32) throw this.#damaged(path, 'its checksum is wrong');
    return unpacked;
  }

  close(): void {
    if (this.#archive) closeSync(this.#archive.file);
    this.#archive = undefined;
  }

  #readPacked(path: string, content: ZipContent): Buffer {
    const {offset, compressedBytes} = content;
    const block = this.#read(content.archive, offset, HEADER_BYTES + compressedBytes);
    if (block.length < LOCAL_HEADER || block.readUInt32LE(0) !== LOCAL_SIGNATURE)
      throw this.#damaged(path, 'it is not at the offset in the directory');
    const start = LOCAL_HEADER + block.readUInt16LE(26) + block.readUInt16LE(28);
    const whole = start > HEADER_BYTES ? this.#read(content.archive, offset, start + compressedBytes) : block;
    if (whole.length < start + compressedBytes) throw this.#damaged(path, 'the archive ends before it does');
    return whole.subarray(start, start + compressedBytes);
  }

  /** Reads up to `length` bytes into a buffer that the next call reuses. */
  #read(archive: string, position: number, length: number): Buffer {
    if (this.#buffer.length < length) this.#buffer = Buffer.alloc(length * 2);
    try {
      if (this.#archive?.name !== archive) {
        this.close();
        this.#archive = {name: archive, file: openSync(archive, 'r')};
      }
      return this.#buffer.subarray(0, readSync(this.#archive.file, this.#buffer, 0, length, position));
    } catch (error) {
      throw fromFileSystemError(error, this.#name, 'read');
    }
  }

  /** Never decompresses more bytes than the directory states. */
  #inflate(path: string, bytes: number, packed: Buffer): Buffer {
    try {
      return inflateRawSync(packed, {maxOutputLength: Math.max(1, bytes)});
    } catch (error) {
      const {code, message} = error as NodeJS.ErrnoException;
      throw this.#damaged(path, code === 'ERR_BUFFER_TOO_LARGE' ? `it has more than ${bytes} bytes` : message);
    }
  }

  #damaged(path: string, reason: string): RiceError {
    return new RiceError('ARCHIVE_DAMAGED', `${this.#name} is damaged: ${path}: ${reason}`);
  }
}
