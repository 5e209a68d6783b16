import {realpathSync} from 'node:fs';
import {join} from 'node:path';
import {byCodePoint} from '../../common/code-point-order.ts';
import {fromFileSystemError, RiceError} from '../../common/errors.ts';
import {type FolderListing, hasImageExtension, listFolder} from '../../dataset/folder-listing.ts';
import {type Picture, PORTION} from '../picture.ts';

export interface WalkOptions {
  /** Also search subfolders. */
  recursive: boolean;
  /** The number of folder levels; all by default. */
  depth?: number;
  /** All files, whatever their extension; by default only those with an image extension. */
  everything?: boolean;
  /** Also hidden files and folders. */
  hidden?: boolean;
  /** Real path of a folder to skip; if it is the root, only its subfolders are skipped. */
  except?: string;
}

/**
 * The pictures of a folder by name, then those of its subfolders, without hidden and junk files. Links to a parent folder
 * are not followed. An unreadable folder or a broken link to a picture becomes a failed picture. Only the names of one
 * folder and its parents are in memory.
 */
export function* walkFolder(root: string, options: WalkOptions): Generator<Picture[]> {
  yield* walk(root, '', options, []);
}

/** @param prefix path of this folder relative to the root @param ancestors real paths of the parent folders */
function* walk(folder: string, prefix: string, options: WalkOptions, ancestors: string[]): Generator<Picture[]> {
  let names: string[];
  let folders: string[];
  let real: string;
  try {
    real = realpathSync(folder);
    const excepted = real === options.except;
    if (ancestors.includes(real) || (excepted && ancestors.length > 0)) return;
    const listing = listFolder(folder, {hidden: options.hidden === true});
    names = options.everything ? filesOf(listing) : picturesOf(listing);
    folders = options.recursive && !excepted && ancestors.length < (options.depth ?? Infinity) ? listing.folders : [];
  } catch (error) {
    yield [{path: folder, failure: fromFileSystemError(error, folder, 'read')}];
    return;
  }
  for (let start = 0; start < names.length; start += PORTION)
    yield names.slice(start, start + PORTION).map((name) => ({path: join(folder, name), key: prefix + name}));
  for (const name of folders) yield* walk(join(folder, name), `${prefix}${name}/`, options, [...ancestors, real]);
}

function picturesOf({images, broken}: FolderListing): string[] {
  const brokenImages = broken.filter(hasImageExtension);
  return brokenImages.length === 0 ? images : [...images, ...brokenImages].sort(byCodePoint);
}

/** All files except pipes, sockets and devices, which could block. */
function filesOf({images, others, special}: FolderListing): string[] {
  const files = special.length === 0 ? others : others.filter((name) => !special.includes(name));
  return [...images, ...files].sort(byCodePoint);
}

/** The error for a folder without images, with what it contains instead. */
export function noImages(folder: string, recursive: boolean): RiceError {
  const {others, folders} = listFolder(folder);
  const suggestions = ['Name picture files, or a folder with pictures.'];
  if (!recursive && folders.length > 0) suggestions.unshift('Search its subfolders as well: --recursive.');
  const instead = others.length > 0 ? `, only other files such as ${others[0]}` : '';
  return new RiceError('NO_IMAGES', `${folder} contains no pictures${instead}`, {suggestions});
}
