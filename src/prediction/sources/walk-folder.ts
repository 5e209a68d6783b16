import {lstatSync, realpathSync} from 'node:fs';
import {basename, join} from 'node:path';
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
  const depth = options.recursive ? (options.depth ?? Infinity) : 0;
  // A stack instead of recursion, and one set of parents: a folder below a thousand others costs no more than any.
  const open: OpenFolder[] = [];
  const parents = new Set<string>();
  let next: {folder: string; prefix: string} | undefined = {folder: root, prefix: ''};
  while (next) {
    const {folder, prefix}: {folder: string; prefix: string} = next;
    try {
      const real = realOf(folder, open.at(-1)?.real);
      const excepted = real === options.except;
      if (!parents.has(real) && !(excepted && open.length > 0)) {
        const listing = listFolder(folder, {hidden: options.hidden === true});
        const names = options.everything ? filesOf(listing) : picturesOf(listing);
        for (let start = 0; start < names.length; start += PORTION)
          yield names.slice(start, start + PORTION).map((name) => ({path: join(folder, name), key: prefix + name}));
        const folders = excepted || open.length >= depth ? [] : listing.folders;
        open.push({folder, prefix, real, folders, at: 0});
        parents.add(real);
      }
    } catch (error) {
      yield [{path: folder, failure: fromFileSystemError(error, folder, 'read')}];
    }
    next = nextFolder(open, parents);
  }
}

/** A folder whose subfolders are being walked. */
interface OpenFolder {
  folder: string;
  prefix: string;
  real: string;
  folders: string[];
  /** The subfolder that comes next. */
  at: number;
}

/** The next subfolder of the innermost folder that has one left; closes those that have none. */
function nextFolder(open: OpenFolder[], parents: Set<string>): {folder: string; prefix: string} | undefined {
  for (let top = open.at(-1); top; top = open.at(-1)) {
    const name = top.folders[top.at++];
    if (name !== undefined) return {folder: join(top.folder, name), prefix: `${top.prefix}${name}/`};
    parents.delete(top.real);
    open.pop();
  }
  return undefined;
}

/** The real path of a folder: within that of its parent, unless it is a link. */
function realOf(folder: string, parent: string | undefined): string {
  if (parent === undefined || lstatSync(folder).isSymbolicLink()) return realpathSync(folder);
  return join(parent, basename(folder));
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
