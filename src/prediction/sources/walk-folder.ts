import {realpathSync} from 'node:fs';
import {join} from 'node:path';
import {byCodePoint} from '../../common/code-point-order.ts';
import {fromFileSystemError, RiceError} from '../../common/errors.ts';
import {type FolderListing, hasImageExtension, listFolder} from '../../dataset/folder-listing.ts';
import {type Picture, PORTION} from '../picture.ts';

export interface WalkOptions {
  /** Look into folders of folders as well. */
  recursive: boolean;
  /** How many levels of folders, where not all. */
  depth?: number;
  /** All files, whatever their names; only those with the name of an image when left out. */
  everything?: boolean;
  /** Hidden files and folders as well. */
  hidden?: boolean;
  /** Real path of a folder to leave out; where it is the root, only its folders are. */
  except?: string;
}

/**
 * The pictures of a folder by name, then those of its folders; hidden ones and systems' droppings are left out. A link
 * back to a folder above ends there. A folder that cannot be read becomes a picture that says so, and so does a link to a
 * picture that is gone. Only the names of one folder (and of those above it) are in memory.
 */
export function* walkFolder(root: string, options: WalkOptions): Generator<Picture[]> {
  yield* walk(root, '', options, []);
}

/** @param above real paths of the folders around this one */
function* walk(folder: string, below: string, options: WalkOptions, above: string[]): Generator<Picture[]> {
  let names: string[];
  let folders: string[];
  let real: string;
  try {
    real = realpathSync(folder);
    const excepted = real === options.except;
    if (above.includes(real) || (excepted && above.length > 0)) return;
    const listing = listFolder(folder, {hidden: options.hidden === true});
    names = options.everything ? filesOf(listing) : picturesOf(listing);
    folders = options.recursive && !excepted && above.length < (options.depth ?? Infinity) ? listing.folders : [];
  } catch (error) {
    yield [{path: folder, failure: fromFileSystemError(error, folder, 'read')}];
    return;
  }
  for (let start = 0; start < names.length; start += PORTION)
    yield names.slice(start, start + PORTION).map((name) => ({path: join(folder, name), key: below + name}));
  for (const name of folders) yield* walk(join(folder, name), `${below}${name}/`, options, [...above, real]);
}

function picturesOf({images, broken}: FolderListing): string[] {
  const gone = broken.filter(hasImageExtension);
  return gone.length === 0 ? images : [...images, ...gone].sort(byCodePoint);
}

/** All but what could wait for somebody to write into it. */
function filesOf({images, others, special}: FolderListing): string[] {
  const files = special.length === 0 ? others : others.filter((name) => !special.includes(name));
  return [...images, ...files].sort(byCodePoint);
}

/** Says what a folder holds in place of images. */
export function noImages(folder: string, recursive: boolean): RiceError {
  const {others, folders} = listFolder(folder);
  const suggestions = ['Name image files, or a folder that holds some.'];
  if (!recursive && folders.length > 0) suggestions.unshift('Look into its folders as well: --recursive.');
  const held = others.length > 0 ? `, only other files such as ${others[0]}` : '';
  return new RiceError('NO_IMAGES', `${folder} holds no images${held}`, {suggestions});
}
