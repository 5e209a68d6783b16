import {RiceError} from '../../common/errors.ts';
import {isJunk} from '../../dataset/folder-listing.ts';

/** Device names on Windows, with any extension. */
const DEVICE = /^(con|prn|aux|nul|conin\$|conout\$|com[\d¹²³]|lpt[\d¹²³]) *(\.|$)/i;

/** Characters that are invalid or have a special meaning on some file system. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: it searches for control characters
const FORBIDDEN = /[\u0000-\u001f\u007f-\u009f<>:"|?*]/;

/** Nearly all names, which need no further checks: letters, digits, spaces, parentheses and inner dots. */
const PLAIN = /^(?:[\w()-]+(?:[ .]+[\w()-]+)*\/)*[\w()-]+(?:[ .]+[\w()-]+)*$/;
const DEVICE_PART = /(?:^|\/)(?:con|prn|aux|nul|com\d|lpt\d) *(?:[./]|$)/i;

/** The largest length of a name in bytes on most file systems. */
const MAX_NAME_BYTES = 255;

/** The largest length of a path below the dataset folder: macOS allows 1,024 bytes for a whole path. */
export const MAX_PATH_BYTES = 700;

/**
 * The path of an archive entry, relative to the folder to unpack to, with forward slashes.
 *
 * @throws RiceError ARCHIVE_UNSAFE if it leads out of that folder, or is an invalid name, on any system
 */
export function safeEntryPath(archive: string, stored: string): string {
  if (stored.length <= MAX_NAME_BYTES && PLAIN.test(stored) && !DEVICE_PART.test(stored)) return stored;
  const path = stored.replaceAll('\\', '/').replace(/^(\.\/+)+/, '');
  const reason = reasonUnsafe(path);
  if (reason)
    throw new RiceError('ARCHIVE_UNSAFE', `${archive} contains ${JSON.stringify(shortened(stored))}: ${reason}`);
  return path;
}

/** For messages. */
function shortened(path: string): string {
  return path.length > MAX_NAME_BYTES ? `${path.slice(0, 100)}...` : path;
}

function reasonUnsafe(path: string): string | undefined {
  if (path.startsWith('/') || /^[a-z]:/i.test(path)) return 'it is an absolute path';
  if (Buffer.byteLength(path) > MAX_PATH_BYTES) return 'its path is too long for some systems';
  const parts = path.split('/');
  if (parts.includes('..')) return 'it leads out of the dataset';
  if (parts.some((part) => part === '' || part === '.')) return 'it is not the path of a file';
  // Junk files are never written, so any name is allowed: macOS has `Icon\r`.
  if (parts.some(isJunk)) return undefined;
  return FORBIDDEN.test(path) || parts.some(isInvalidName) ? 'it is not a valid file name on every system' : undefined;
}

function isInvalidName(part: string): boolean {
  return DEVICE.test(part) || /[. ]$/.test(part) || Buffer.byteLength(part) > MAX_NAME_BYTES;
}

/**
 * Checks the name of a folder in an archive. Folders are created for their files only.
 *
 * @throws RiceError ARCHIVE_UNSAFE, like `safeEntryPath`
 */
export function checkFolderName(archive: string, stored: string): void {
  // The root folder of the archive.
  if (/^\.[/\\]*$/.test(stored)) return;
  safeEntryPath(archive, stored.replace(/[/\\]+$/, ''));
}

/** @throws RiceError ARCHIVE_UNSAFE: a link may lead anywhere, and a dataset needs none */
export function rejectLink(archive: string, path: string, what = 'a link'): never {
  throw new RiceError('ARCHIVE_UNSAFE', `${archive} contains ${JSON.stringify(path)}: it is ${what}`);
}
