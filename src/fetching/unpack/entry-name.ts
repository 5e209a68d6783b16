import {RiceError} from '../../common/errors.ts';
import {isJunk} from '../../dataset/folder-listing.ts';

/** What Windows takes for a device, whatever its extension. */
const DEVICE = /^(con|prn|aux|nul|conin\$|conout\$|com[\d¹²³]|lpt[\d¹²³]) *(\.|$)/i;

/** Characters that no file system of ours takes, or that mean something else on one. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const FORBIDDEN = /[\u0000-\u001f\u007f-\u009f<>:"|?*]/;

/** What nearly all names are, which need no closer look: letters, digits, blanks and brackets, parted by dots. */
const PLAIN = /^(?:[\w()-]+(?:[ .]+[\w()-]+)*\/)*[\w()-]+(?:[ .]+[\w()-]+)*$/;
const DEVICE_PART = /(?:^|\/)(?:con|prn|aux|nul|com\d|lpt\d) *(?:[./]|$)/i;

/** Bytes of a name, on most file systems. */
const LONGEST = 255;

/**
 * The path of an archive's entry below the folder that it is unpacked to, with forward slashes.
 *
 * @throws RiceError ARCHIVE_UNSAFE where it leads out of that folder on any system, or is no name on one
 */
export function safeEntryPath(archive: string, stored: string): string {
  if (stored.length <= LONGEST && PLAIN.test(stored) && !DEVICE_PART.test(stored)) return stored;
  const path = stored.replaceAll('\\', '/').replace(/^(\.\/+)+/, '');
  const reason = reasonAgainst(path);
  if (reason) throw new RiceError('ARCHIVE_UNSAFE', `${archive} holds ${JSON.stringify(stored)}: ${reason}`);
  return path;
}

function reasonAgainst(path: string): string | undefined {
  if (path.startsWith('/') || /^[a-z]:/i.test(path)) return 'it names a place outside of the dataset';
  const parts = path.split('/');
  if (parts.includes('..')) return 'it leads out of the dataset';
  if (parts.some((part) => part === '' || part === '.')) return 'it is no path of a file';
  // Never written, whatever it is called: macOS calls one `Icon\r`.
  if (parts.some(isJunk)) return undefined;
  return FORBIDDEN.test(path) || parts.some(isRefused) ? 'it is no name that every system takes' : undefined;
}

function isRefused(part: string): boolean {
  return DEVICE.test(part) || /[. ]$/.test(part) || Buffer.byteLength(part) > LONGEST;
}

/**
 * Checks the name of a folder, which need not be made.
 *
 * @throws RiceError ARCHIVE_UNSAFE, as `safeEntryPath`
 */
export function checkFolderName(archive: string, stored: string): void {
  // The folder that everything is unpacked to.
  if (/^\.[/\\]*$/.test(stored)) return;
  safeEntryPath(archive, stored.replace(/[/\\]+$/, ''));
}

/** @throws RiceError ARCHIVE_UNSAFE: a link may lead anywhere, and a dataset has no use for one */
export function refuseLink(archive: string, path: string, what = 'a link'): never {
  throw new RiceError('ARCHIVE_UNSAFE', `${archive} holds ${JSON.stringify(path)}: it is ${what}`);
}
