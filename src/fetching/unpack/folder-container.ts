import {realpathSync, statSync} from 'node:fs';
import {join} from 'node:path';
import {fromFileSystemError, RiceError} from '../../common/errors.ts';
import {listFolder} from '../../dataset/folder-listing.ts';
import type {Container, ContainerEntry} from './container.ts';
import {MAX_PATH_BYTES} from './entry-name.ts';

/**
 * A folder as a container. Links are followed, because it is the user's own folder, except links to a parent folder.
 *
 * @throws RiceError PATH_NOT_FOUND or PATH_NOT_READABLE
 */
export function openFolder(folder: string): Container {
  const entries: ContainerEntry[] = [];
  const skipped: string[] = [];
  collect(folder, '', [], {entries, skipped});
  return {
    name: folder,
    entries,
    skipped,
    async *contents(chosen) {
      for (const entry of chosen) yield {entry, content: {kind: 'file', file: join(folder, entries[entry].path)}};
    },
  };
}

function collect(
  root: string,
  prefix: string,
  ancestors: string[],
  found: {entries: ContainerEntry[]; skipped: string[]},
): void {
  const folder = join(root, prefix);
  try {
    const real = realpathSync(folder);
    if (ancestors.includes(real)) return;
    const {images, others, folders, special, broken} = listFolder(folder);
    for (const name of [...images, ...others]) {
      const path = `${prefix}${name}`;
      if (special.includes(name) || broken.includes(name)) found.skipped.push(path);
      else found.entries.push({path, bytes: statSync(join(folder, name)).size});
    }
    if (Buffer.byteLength(prefix) > MAX_PATH_BYTES)
      throw new RiceError('DATASET_LAYOUT', `${root} has folders too deep to copy: ${prefix.slice(0, 100)}...`);
    for (const name of folders) collect(root, `${prefix}${name}/`, [...ancestors, real], found);
  } catch (error) {
    throw fromFileSystemError(error, folder, 'read');
  }
}
