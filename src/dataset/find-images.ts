import {realpathSync, statSync} from 'node:fs';
import {join} from 'node:path';
import {fromFileSystemError, RiceError} from '../errors.ts';
import {listFolder} from './folder-listing.ts';

/**
 * The image files that paths stand for: a file for itself, whatever its name, a folder for the images in it.
 *
 * @param recursive whether to look into folders of folders as well
 * @throws RiceError USAGE for an empty path, PATH_NOT_FOUND, PATH_NOT_READABLE, or NO_IMAGES when a folder holds none
 */
export function findImages(paths: string[], recursive: boolean): string[] {
  return paths.flatMap((path) => {
    if (path === '') throw new RiceError('USAGE', 'expected a path, got ""');
    if (!isFolder(path)) return [path];
    const found = imagesIn(path, recursive, []);
    if (found.length === 0) throw noImages(path, recursive);
    return found;
  });
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch (error) {
    throw fromFileSystemError(error, path, 'read');
  }
}

/** @param above real paths of the folders around this one: a link back to one of them ends there */
function imagesIn(folder: string, recursive: boolean, above: string[]): string[] {
  const {images, folders} = listFolder(folder);
  const own = images.map((name) => join(folder, name));
  if (!recursive) return own;
  const real = realpathSync(folder);
  if (above.includes(real)) return [];
  return own.concat(folders.flatMap((name) => imagesIn(join(folder, name), true, [...above, real])));
}

function noImages(folder: string, recursive: boolean): RiceError {
  const {others, folders} = listFolder(folder);
  const suggestions = ['Name image files, or a folder that holds some.'];
  if (!recursive && folders.length > 0) suggestions.unshift(`Look into its folders as well: --recursive.`);
  const held = others.length > 0 ? `, only other files such as ${others[0]}` : '';
  return new RiceError('NO_IMAGES', `${folder} holds no images${held}`, {suggestions});
}
