import {mkdirSync, readFileSync} from 'node:fs';
import {dirname} from 'node:path';
import {crc32} from 'node:zlib';
import {FileWriter} from '../../common/files/file-writer.ts';
import {type LockAttempt, tryLock} from '../../common/files/lock-file.ts';

const KEY_BYTES = 32;
const CHECK_BYTES = 4;
/** Records that are written at once: what a kill loses. */
const PORTION = 256;

/**
 * What was computed of pictures, by their content, in a file that only grows: SHA-256, CRC-32 of the rest, and a payload of
 * a fixed length each. A killed process leaves at most half a record at its end, which the next one writes over. Where
 * another process writes, or nothing can be written, it is read alone: what is missing is computed again.
 */
export class RecordStore {
  readonly #payload: number;
  readonly #path: string;
  readonly #known = new Map<string, Buffer>();
  #writer: FileWriter | undefined;
  #lock: LockAttempt['release'];
  #waiting: Buffer[] = [];

  /**
   * @param path without one, it keeps everything in memory alone
   * @param payload length of each payload in bytes
   */
  constructor(path: string | undefined, payload: number) {
    this.#path = path ?? '';
    this.#payload = payload;
    if (path === undefined) return;
    const bytes = readIfThere(path);
    const record = KEY_BYTES + CHECK_BYTES + payload;
    let whole = 0;
    for (; (whole + 1) * record <= bytes.length; whole++) {
      const at = whole * record;
      const content = bytes.subarray(at + KEY_BYTES + CHECK_BYTES, at + record);
      if (crc32(content) !== bytes.readUInt32LE(at + KEY_BYTES)) break;
      this.#known.set(bytes.toString('hex', at, at + KEY_BYTES), content);
    }
    this.#open(bytes.subarray(0, whole * record), bytes.length);
  }

  get(sha256: string): Buffer | undefined {
    return this.#known.get(sha256);
  }

  add(sha256: string, payload: Uint8Array): void {
    if (this.#known.has(sha256)) return;
    if (payload.length !== this.#payload)
      throw new RangeError(`expected ${this.#payload} bytes, got ${payload.length}`);
    const content = Buffer.from(payload);
    this.#known.set(sha256, content);
    const check = Buffer.alloc(CHECK_BYTES);
    check.writeUInt32LE(crc32(content));
    this.#waiting.push(Buffer.from(sha256, 'hex'), check, content);
    if (this.#waiting.length >= 3 * PORTION) this.#write();
  }

  /** Writes what is left, and lets others write. */
  close(): void {
    this.#write();
    this.#writer?.close();
    this.#writer = undefined;
    this.#lock?.();
    this.#lock = undefined;
  }

  #open(valid: Buffer, length: number): void {
    try {
      mkdirSync(dirname(this.#path), {recursive: true});
      this.#lock = tryLock(`${this.#path}.lock`).release;
      if (!this.#lock) return;
      this.#writer = new FileWriter(this.#path, {flags: valid.length === length ? 'a' : 'w'});
      if (valid.length !== length) this.#writer.append(valid);
    } catch {
      // A store that cannot be written saves nothing, and harms nothing.
    }
  }

  #write(): void {
    try {
      this.#writer?.append(Buffer.concat(this.#waiting));
    } catch {
      this.#writer?.close();
      this.#writer = undefined;
    }
    this.#waiting = [];
  }
}

function readIfThere(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch {
    return Buffer.alloc(0);
  }
}
