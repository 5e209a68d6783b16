import {RiceError} from '../../errors.ts';

/** What Windows takes for a device, whatever its extension. */
const DEVICE = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;

/** Characters that no file system of ours takes, or that mean something else on one. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const FORBIDDEN = /[\u0000-\u001f<>:"|?*]/;

/**
 * The path of an archive's entry below the folder that it is unpacked to, with forward slashes.
 *
 * @throws RiceError ARCHIVE_UNSAFE where it leads out of that folder on any system, or is no name on one
 */
export function safeEntryPath(archive: string, stored: string): string {
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
  if (FORBIDDEN.test(path) || parts.some((part) => DEVICE.test(part) || /[. ]$/.test(part)))
    return 'it is no name that every system takes';
  return undefined;
}

/** @throws RiceError ARCHIVE_UNSAFE: a link may lead anywhere, and a dataset has no use for one */
export function refuseLink(archive: string, path: string, what = 'a link'): never {
  throw new RiceError('ARCHIVE_UNSAFE', `${archive} holds ${JSON.stringify(path)}: it is ${what}`);
}
