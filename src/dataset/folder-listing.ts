import {type Dirent, opendirSync, statSync} from 'node:fs';
import {extname, join} from 'node:path';
import {byCodePoint} from '../common/code-point-order.ts';
import {fromFileSystemError} from '../common/errors.ts';
import {isImageExtension} from '../image/formats/formats.ts';

/** The content of a folder, as names sorted by code point, without junk files (see `isJunk`). */
export interface FolderListing {
  images: string[];
  others: string[];
  folders: string[];
  /** The broken links among `others`. */
  broken: string[];
  /** The pipes, sockets and devices among `others`. */
  special: string[];
}

export interface ListingOptions {
  /** Lists hidden names as well. */
  hidden?: boolean;
}

const JUNK_NAMES = new Set(['thumbs.db', 'ehthumbs.db', 'desktop.ini', '__macosx', '$recycle.bin', 'icon\r']);

/** `isJunk` for each part of a path, which is faster than splitting tens of thousands of paths. */
const JUNK_PATH = /(?:^|\/)(?:\.|(?:thumbs\.db|ehthumbs\.db|desktop\.ini|__macosx|\$recycle\.bin|icon\r)(?:\/|$))/i;

const ENTRIES_AT_ONCE = 1024;

/** Whether a file should be opened as a picture; its bytes then decide what it is. */
export function hasImageExtension(name: string): boolean {
  return isImageExtension(extname(name));
}

/** Whether a name is a junk file of a system or tool: hidden (`.DS_Store`, `._x`, `.ipynb_checkpoints`), `Thumbs.db` ... */
export function isJunk(name: string): boolean {
  return name.startsWith('.') || JUNK_NAMES.has(name.toLowerCase());
}

/** Whether any part of a path is junk (see `isJunk`). */
export function isJunkPath(path: string): boolean {
  return JUNK_PATH.test(path);
}

/** Lists one folder. A symbolic link counts as its target, a broken one as another file. */
export function listFolder(folder: string, {hidden = false}: ListingOptions = {}): FolderListing {
  const listing: FolderListing = {images: [], others: [], folders: [], broken: [], special: []};
  for (const entry of readEntries(folder)) {
    if (isJunk(entry.name) && !(hidden && entry.name.startsWith('.'))) continue;
    const kind = kindOf(folder, entry);
    if (kind === 'folder') listing.folders.push(entry.name);
    else if (kind === 'file' && hasImageExtension(entry.name)) listing.images.push(entry.name);
    else listing.others.push(entry.name);
    if (kind === 'broken' || kind === 'special') listing[kind].push(entry.name);
  }
  for (const names of Object.values(listing) as string[][]) names.sort(byCodePoint);
  return listing;
}

/** Yields one entry at a time: a million entries at once would take hundreds of megabytes. */
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
