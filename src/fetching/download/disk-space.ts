import {statfsSync} from 'node:fs';
import {dirname, resolve} from 'node:path';
import {RiceError} from '../../common/errors.ts';

/** Bytes that may be written at a path, which need not exist yet; undefined where the system cannot tell. */
export function freeBytes(path: string): number | undefined {
  for (let folder = resolve(path); ; folder = dirname(folder)) {
    try {
      const {bavail, bsize, blocks} = statfsSync(folder);
      // Some network and virtual disks report zeros throughout.
      return blocks > 0 ? bavail * bsize : undefined;
    } catch {
      if (folder === dirname(folder)) return undefined;
    }
  }
}

/**
 * Says before the work starts that a disk is too small for it.
 *
 * @param bytes still to be written
 * @param what they are, for the message: "the archive"
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
