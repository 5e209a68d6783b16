import {readSync} from 'node:fs';

/** The record that a zip archive ends with, and the longest comment behind it (APPNOTE.TXT 4.3.16). */
const END_BYTES = 22;
const LONGEST_COMMENT = 0xffff;
const SIGNATURE = 0x06054b50;
/** In place of what stands in a wider record before it. */
const IN_64_BITS = 0xffffffff;

/**
 * Where a zip archive ends: what some programs and mail servers leave behind it, such as a newline, belongs to nothing. As
 * `unzip`, it looks for the last record that may be the end.
 *
 * @param file a descriptor
 * @param size of the file in bytes
 * @returns the bytes of the archive; `size` where there is no such record
 */
export function zipEnd(file: number, size: number): number {
  const tail = Buffer.alloc(Math.min(size, END_BYTES + 2 * LONGEST_COMMENT));
  const start = size - tail.length;
  const read = readSync(file, tail, 0, tail.length, start);
  let end = size;
  for (let at = read - END_BYTES; at >= 0; at--) {
    if (tail[at] !== 0x50 || tail.readUInt32LE(at) !== SIGNATURE) continue;
    const stop = start + at + END_BYTES + tail.readUInt16LE(at + 20);
    if (stop === size) return size;
    // Further up there may still be one that ends with the file.
    if (end === size && stop < size && isPlausible(tail, at, start + at)) end = stop;
  }
  return end;
}

/** Whether the directory lies before its end. */
function isPlausible(tail: Buffer, at: number, position: number): boolean {
  const [bytes, directory] = [tail.readUInt32LE(at + 12), tail.readUInt32LE(at + 16)];
  return bytes === IN_64_BITS || directory === IN_64_BITS || directory + bytes <= position;
}
