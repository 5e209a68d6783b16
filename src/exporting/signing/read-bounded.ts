import {closeSync, openSync, readSync} from 'node:fs';

/**
 * Reads a whole file that should be small; undefined if it has more than `limit` bytes. It reads no further than that, since the
 * size of a device or a pipe says 0 and it may have no end.
 *
 * @throws the error of the file system
 */
export function readBounded(path: string, limit: number): Buffer | undefined {
  const file = openSync(path, 'r');
  try {
    const chunks: Buffer[] = [];
    for (let size = 0; size <= limit; ) {
      const chunk = Buffer.allocUnsafe(Math.min(65_536, limit + 1 - size));
      const read = readSync(file, chunk);
      if (read === 0) return Buffer.concat(chunks);
      chunks.push(chunk.subarray(0, read));
      size += read;
    }
    return undefined;
  } finally {
    closeSync(file);
  }
}
