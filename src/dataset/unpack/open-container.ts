import {statSync} from 'node:fs';
import {fromFileSystemError} from '../../errors.ts';
import {archiveKind} from './archive-kind.ts';
import type {ArchiveOptions, Container} from './container.ts';
import {openFolder} from './folder-container.ts';
import {openTar} from './tar-container.ts';
import {openZip} from './zip-container.ts';

/**
 * Opens a folder, or an archive of whatever kind its first bytes say.
 *
 * @throws RiceError ARCHIVE_UNSUPPORTED, ARCHIVE_DAMAGED, ARCHIVE_UNSAFE, ARCHIVE_TOO_LARGE, PATH_NOT_FOUND or
 *   PATH_NOT_READABLE; the signal's reason
 */
export async function openContainer(path: string, options: ArchiveOptions = {}): Promise<Container> {
  if (isFolder(path)) return openFolder(path);
  const kind = archiveKind(path, options.name);
  return kind === 'zip' ? openZip(path, options) : openTar(path, kind, options);
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch (error) {
    throw fromFileSystemError(error, path, 'read');
  }
}
