import {closeSync, openSync, readFileSync, readSync} from 'node:fs';
import {crc32, inflateRawSync} from 'node:zlib';
import {fromFileSystemError, RiceError} from '../../common/errors.ts';
import type {Content} from './container.ts';

type ZipContent = Extract<Content, {kind: 'zip'}>;

/** Bytes of an entry's local header before its name. */
export const LOCAL_HEADER = 30;
const LOCAL_SIGNATURE = 0x04034b50;

/** What most local headers have room in, name and extra fields included: one read gets all of an entry. */
const HEADER_ROOM = 512;

/** Gets at the bytes of files in archives and folders. One at a time; holds the archive open between them. */
export class Extractor {
  readonly #name: string;
  #archive: {name: string; file: number} | undefined;
  #buffer = Buffer.alloc(1 << 16);

  /** @param name of the container, for messages */
  constructor(name: string) {
    this.#name = name;
  }

  /**
   * The bytes of a file. They are good until the next call.
   *
   * @param path of the file, for messages
   * @param bytes its size, as its container tells it
   * @throws RiceError ARCHIVE_DAMAGED, or PATH_... where the archive cannot be read; errors of `node:fs` of single files
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
    const block = this.#read(content.archive, offset, HEADER_ROOM + compressedBytes);
    if (block.length < LOCAL_HEADER || block.readUInt32LE(0) !== LOCAL_SIGNATURE)
      throw this.#damaged(path, 'it is not where the directory says');
    const start = LOCAL_HEADER + block.readUInt16LE(26) + block.readUInt16LE(28);
    const whole = start > HEADER_ROOM ? this.#read(content.archive, offset, start + compressedBytes) : block;
    if (whole.length < start + compressedBytes) throw this.#damaged(path, 'the archive ends before it does');
    return whole.subarray(start, start + compressedBytes);
  }

  /** As many bytes as there are, in a buffer that the next call uses again. */
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

  /** Never makes more than the directory promised, whatever the compressed bytes say. */
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
