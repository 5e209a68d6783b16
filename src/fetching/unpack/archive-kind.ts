import {closeSync, openSync, readSync} from 'node:fs';
import {fromFileSystemError, RiceError} from '../../common/errors.ts';

export type ArchiveKind = 'zip' | 'tar' | 'tar.gz' | 'tar.xz';

/** Magic bytes of supported archives. */
const MAGIC_BYTES: [kind: ArchiveKind, bytes: string][] = [
  ['zip', 'PK\x03\x04'],
  ['zip', 'PK\x05\x06'],
  ['tar.gz', '\x1f\x8b'],
  ['tar.xz', '\xfd7zXZ\x00'],
];

/** Magic bytes of other archives, for messages. */
const OTHERS: [name: string, bytes: string][] = [
  ['a 7z archive', '7z\xbc\xaf\x27\x1c'],
  ['a RAR archive', 'Rar!\x1a\x07'],
  ['compressed by bzip2', 'BZh'],
  ['compressed by Zstandard', '\x28\xb5\x2f\xfd'],
];

/** The magic bytes of a tar header, which are not at its start. */
const TAR_MAGIC = {offset: 257, bytes: 'ustar'};

/** Enough bytes to recognize any of them. */
const HEAD_BYTES = 512;

/**
 * The kind of an archive, by its first bytes.
 *
 * @throws RiceError ARCHIVE_UNSUPPORTED, with the kind of the file if it is known; PATH_NOT_FOUND or PATH_NOT_READABLE
 */
export function archiveKind(file: string, name: string = file): ArchiveKind {
  const begin = firstBytes(file);
  const known = MAGIC_BYTES.find(([, bytes]) => begin.startsWith(bytes));
  if (known) return known[0];
  if (begin.startsWith(TAR_MAGIC.bytes, TAR_MAGIC.offset)) return 'tar';
  throw new RiceError('ARCHIVE_UNSUPPORTED', `${name} is not a supported archive: it is ${describe(begin)}`);
}

function describe(begin: string): string {
  const other = OTHERS.find(([, bytes]) => begin.startsWith(bytes));
  if (other) return other[0];
  if (begin === '') return 'empty';
  return /^\s*<(!doctype|html|\?xml)/i.test(begin) ? 'a web page' : 'of an unknown kind';
}

/** The first bytes as text with one character per byte. */
function firstBytes(file: string): string {
  try {
    const descriptor = openSync(file, 'r');
    try {
      const bytes = Buffer.alloc(HEAD_BYTES);
      return bytes.toString('latin1', 0, readSync(descriptor, bytes, 0, HEAD_BYTES, 0));
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    throw fromFileSystemError(error, file, 'read');
  }
}
