import {statfsSync} from 'node:fs';
import {dirname, resolve} from 'node:path';
import {RiceError} from '../../common/errors.ts';

/** Free bytes on the disk of a path, which need not exist yet; undefined if unknown. */
export function freeBytes(path: string): number | undefined {
  for (let folder = resolve(path); ; folder = dirname(folder)) {
    try {
      const {bavail, bsize, blocks} = statfsSync(folder);
      // Some network and virtual disks report only zeros.
      return blocks > 0 ? bavail * bsize : undefined;
    } catch {
      if (folder === dirname(folder)) return undefined;
    }
  }
}

/**
 * Checks before the work starts that the disk has enough space.
 *
 * @param bytes bytes to write
 * @param what the name of the content in the message: "the archive"
 * @throws RiceError DISK_FULL
 */
export function requireSpace(path: string, bytes: number, what: string): void {
  const free = freeBytes(path);
  if (free === undefined || free >= bytes) return;
  throw new RiceError(
    'DISK_FULL',
    `${what} needs ${inMegabytes(bytes)} on the disk of ${path}, where ${inMegabytes(free)} are free`,
  );
}

function inMegabytes(bytes: number): string {
  return `${Math.ceil(bytes / 1e6).toLocaleString('en')} MB`;
}
