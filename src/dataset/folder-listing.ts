import {type Dirent, opendirSync, statSync} from 'node:fs';
import {extname, join} from 'node:path';
import {byCodePoint} from '../common/code-point-order.ts';
import {fromFileSystemError} from '../common/errors.ts';
import {isImageExtension} from '../image/formats/formats.ts';

/** What one folder holds, as names sorted by code point; droppings of systems and tools are left out. */
export interface FolderListing {
  images: string[];
  others: string[];
  folders: string[];
  /** Those of the others that are links to nothing. */
  broken: string[];
  /** Those of the others that are no files at all: pipes, sockets, devices. */
  special: string[];
}

export interface ListingOptions {
  /** Lists hidden names as well. */
  hidden?: boolean;
}

const DROPPINGS = new Set(['thumbs.db', 'ehthumbs.db', 'desktop.ini', '__macosx', '$recycle.bin', 'icon\r']);

/** As `isDropping` says, of each part of a path: splitting tens of thousands of paths takes longer. */
const DROPPING_PATH = /(?:^|\/)(?:\.|(?:thumbs\.db|ehthumbs\.db|desktop\.ini|__macosx|\$recycle\.bin|icon\r)(?:\/|$))/i;

const ENTRIES_AT_ONCE = 1024;

/** A name only makes a file worth opening; its bytes decide what it is. */
export function hasImageExtension(name: string): boolean {
  return isImageExtension(extname(name));
}

/** True for what systems and tools leave behind: hidden names (`.DS_Store`, `._x`, `.ipynb_checkpoints`), `Thumbs.db` ... */
export function isDropping(name: string): boolean {
  return name.startsWith('.') || DROPPINGS.has(name.toLowerCase());
}

/** Whether any part of a path is a dropping (see `isDropping`). */
export function isDroppingPath(path: string): boolean {
  return DROPPING_PATH.test(path);
}

/** Lists one folder; symbolic links count as what they lead to, broken ones as other files. */
export function listFolder(folder: string, {hidden = false}: ListingOptions = {}): FolderListing {
  const listing: FolderListing = {images: [], others: [], folders: [], broken: [], special: []};
  for (const entry of readEntries(folder)) {
    if (isDropping(entry.name) && !(hidden && entry.name.startsWith('.'))) continue;
    const kind = kindOf(folder, entry);
    if (kind === 'folder') listing.folders.push(entry.name);
    else if (kind === 'file' && hasImageExtension(entry.name)) listing.images.push(entry.name);
    else listing.others.push(entry.name);
    if (kind === 'broken' || kind === 'special') listing[kind].push(entry.name);
  }
  for (const names of Object.values(listing) as string[][]) names.sort(byCodePoint);
  return listing;
}

/** One at a time: a million entries at once would take hundreds of megabytes. */
function* readEntries(folder: string): Generator<Dirent> {
  try {
    const directory = opendirSync(folder, {bufferSize: ENTRIES_AT_ONCE});
    try {
      for (let entry = directory.readSync(); entry !== null; entry = directory.readSync()) yield entry;
    } finally {
      directory.closeSync();
    }
  } catch (error) {
    throw fromFileSystemError(error, folder, 'read');
  }
}

function kindOf(folder: string, entry: Dirent): 'file' | 'folder' | 'broken' | 'special' {
  let type: Pick<Dirent, 'isFile' | 'isDirectory'> | undefined = entry;
  if (entry.isSymbolicLink()) {
    try {
      type = statSync(join(folder, entry.name), {throwIfNoEntry: false});
    } catch {
      return 'broken';
    }
  }
  if (!type) return 'broken';
  if (type.isDirectory()) return 'folder';
  return type.isFile() ? 'file' : 'special';
}
