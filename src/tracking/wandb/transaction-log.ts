import {crc32} from 'node:zlib';
import {FileWriter} from '../../common/files/file-writer.ts';

/** ":W&B", 0xBEE1 little-endian, version 0. */
const HEADER = Buffer.from([0x3a, 0x57, 0x26, 0x42, 0xe1, 0xbe, 0]);
const BLOCK = 32_768;
/** CRC as uint32, length as uint16, type. */
const CHUNK_HEADER = 7;
const [FULL, FIRST, MIDDLE, LAST] = [1, 2, 3, 4];

/**
 * The log of a run as W&B keeps it (core/pkg/leveldb/record.go of wandb): records in chunks that never cross a block of
 * 32 KiB, counted from the start of the file. The sum is plain CRC-32 of type and content, unlike LevelDB's own.
 */
export class TransactionLog {
  readonly #file: FileWriter;

  /** @throws RiceError PATH_NOT_WRITABLE if there is one already, or it cannot be written; DISK_FULL */
  constructor(path: string) {
    this.#file = new FileWriter(path, {flags: 'wx'});
    this.#file.append(HEADER);
  }

  /** Appends a record, all of it at once, so that a reader who follows sees whole records. */
  write(record: Uint8Array): void {
    const parts: Uint8Array[] = [];
    let position = this.#file.position;
    for (let at = 0, first = true; first || at < record.length; first = false) {
      const left = BLOCK - (position % BLOCK);
      if (left < CHUNK_HEADER) {
        parts.push(new Uint8Array(left));
        position += left;
      }
      const room = BLOCK - (position % BLOCK) - CHUNK_HEADER;
      const content = record.subarray(at, at + room);
      at += content.length;
      const last = at >= record.length;
      parts.push(chunk(first ? (last ? FULL : FIRST) : last ? LAST : MIDDLE, content));
      position += CHUNK_HEADER + content.length;
    }
    this.#file.append(Buffer.concat(parts));
  }

  close(): void {
    this.#file.close();
  }
}

function chunk(type: number, content: Uint8Array): Buffer {
  const out = Buffer.alloc(CHUNK_HEADER + content.length);
  out[6] = type;
  out.set(content, CHUNK_HEADER);
  out.writeUInt16LE(content.length, 4);
  out.writeUInt32LE(crc32(out.subarray(6)), 0);
  return out;
}
