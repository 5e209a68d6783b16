import {closeSync, openSync, readSync} from 'node:fs';
import {fromFileSystemError, RiceError} from '../../common/errors.ts';

export type ArchiveKind = 'zip' | 'tar' | 'tar.gz' | 'tar.xz';

/** Bytes at the beginning of a file, by what it is. */
const BEGINNINGS: [kind: ArchiveKind, bytes: string][] = [
  ['zip', 'PK\x03\x04'],
  ['zip', 'PK\x05\x06'],
  ['tar.gz', '\x1f\x8b'],
  ['tar.xz', '\xfd7zXZ\x00'],
];

/** Archives that others unpack. */
const OTHERS: [name: string, bytes: string][] = [
  ['a 7z archive', '7z\xbc\xaf\x27\x1c'],
  ['a RAR archive', 'Rar!\x1a\x07'],
  ['compressed by bzip2', 'BZh'],
  ['compressed by Zstandard', '\x28\xb5\x2f\xfd'],
];

/** Where the headers of tar archives say so. */
const TAR_MAGIC = {offset: 257, bytes: 'ustar'};

/** Enough to recognise any of them. */
const LOOK = 512;

/**
 * What kind of archive a file is, by its first bytes.
 *
 * @throws RiceError ARCHIVE_UNSUPPORTED, saying what it is as far as that is known; PATH_NOT_FOUND or PATH_NOT_READABLE
 */
export function archiveKind(file: string, name: string = file): ArchiveKind {
  const begin = firstBytes(file);
  const known = BEGINNINGS.find(([, bytes]) => begin.startsWith(bytes));
  if (known) return known[0];
  if (begin.startsWith(TAR_MAGIC.bytes, TAR_MAGIC.offset)) return 'tar';
  throw new RiceError('ARCHIVE_UNSUPPORTED', `${name} is no archive that can be unpacked: it is ${describe(begin)}`);
}

function describe(begin: string): string {
  const other = OTHERS.find(([, bytes]) => begin.startsWith(bytes));
  if (other) return other[0];
  if (begin === '') return 'empty';
  return /^\s*<(!doctype|html|\?xml)/i.test(begin) ? 'a web page' : 'of an unknown kind';
}

/** As text of one character a byte. */
function firstBytes(file: string): string {
  try {
    const descriptor = openSync(file, 'r');
    try {
      const bytes = Buffer.alloc(LOOK);
      return bytes.toString('latin1', 0, readSync(descriptor, bytes, 0, LOOK, 0));
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    throw fromFileSystemError(error, file, 'read');
  }
}
