import {hostname} from 'node:os';
import {join} from 'node:path';
import {FileWriter} from '../../common/files/file-writer.ts';
import {encodeMessage} from '../../onnx/protobuf.ts';
import {EVENT} from './event-schema.ts';
import {maskedCrc32c} from './masked-crc32c.ts';

/** The start of the name of an event file: readers look for it anywhere in the name. */
export const EVENT_FILE = 'events.out.tfevents.';

/**
 * A file of records (tensorflow/core/lib/io/record_writer.h): length as uint64, its masked CRC, the record, its masked CRC.
 * A record is complete once it is written, so that TensorBoard can read along.
 */
export class EventFile {
  readonly path: string;
  readonly #file: FileWriter;

  /** @param time milliseconds since 1970 */
  constructor(folder: string, time: number) {
    this.path = join(folder, `${EVENT_FILE}${Math.floor(time / 1000)}.${hostname()}.rice`);
    this.#file = new FileWriter(this.path);
    this.write({fileVersion: 'brain.Event:2'}, time);
  }

  /** @param event a message of the schema, without its time */
  write(event: object, time: number): void {
    const data = encodeMessage({wallTime: time / 1000, ...event}, EVENT);
    const record = Buffer.alloc(data.length + 16);
    record.writeBigUInt64LE(BigInt(data.length), 0);
    record.writeUInt32LE(maskedCrc32c(record.subarray(0, 8)), 8);
    record.set(data, 12);
    record.writeUInt32LE(maskedCrc32c(data), data.length + 12);
    this.#file.append(record);
  }

  close(): void {
    this.#file.close();
  }
}
