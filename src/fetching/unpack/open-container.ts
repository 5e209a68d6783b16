import {type Stats, statSync} from 'node:fs';
import {fromFileSystemError, RiceError} from '../../common/errors.ts';
import {archiveKind} from './archive-kind.ts';
import type {ArchiveOptions, Container} from './container.ts';
import {openFolder} from './folder-container.ts';
import {openTar} from './tar-container.ts';
import {openZip} from './zip-container.ts';

/**
 * Opens a folder, or an archive whose kind follows from its first bytes.
 *
 * @throws RiceError ARCHIVE_UNSUPPORTED, ARCHIVE_DAMAGED, ARCHIVE_UNSAFE, ARCHIVE_TOO_LARGE, PATH_NOT_FOUND or
 *   PATH_NOT_READABLE; the reason of the signal
 */
export async function openContainer(path: string, options: ArchiveOptions = {}): Promise<Container> {
  const {name = path} = options;
  const stats = statPath(path);
  if (stats.isDirectory()) return openFolder(path);
  // Opening a pipe would wait for a writer.
  if (!stats.isFile())
    throw new RiceError('PATH_NOT_READABLE', `cannot read ${name}: it is neither a file nor a folder`);
  const kind = archiveKind(path, options.name);
  return kind === 'zip' ? openZip(path, options) : openTar(path, kind, options);
}

function statPath(path: string): Stats {
  try {
    return statSync(path);
  } catch (error) {
    throw fromFileSystemError(error, path, 'read');
  }
}
