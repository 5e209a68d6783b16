import {realpathSync, type Stats, statSync} from 'node:fs';
import {join, resolve} from 'node:path';
import {fromFileSystemError, RiceError} from '../common/errors.ts';
import type {Dataset} from './dataset.ts';
import {type FolderListing, listFolder} from './folder-listing.ts';
import {checkLayout, checkRootIsFolder} from './layout.ts';

export interface ScanOptions {
  /** Fewer label folders than this are an error: 2 for training, 1 is enough for an evaluation. */
  minimumLabels?: number;
}

/**
 * Reads a folder laid out as `Label/image.jpg`. Labels come from the folders, never from file names. Folders within a
 * label's folder belong to that label; a lone wrapper folder around the label folders is stepped into. Links are
 * followed, and a link back to a folder above ends there.
 *
 * @throws RiceError PATH_NOT_FOUND, PATH_NOT_READABLE, or DATASET_LAYOUT with what was found and what was expected
 */
export function scanDataset(path: string, {minimumLabels = 2}: ScanOptions = {}): Dataset {
  checkRootIsFolder(path);
  const notes: string[] = [];
  const {root, listing} = unwrap(resolve(path), notes);
  const dataset: Dataset = {root, labels: listing.folders, files: [], ignored: [], notes};
  dataset.ignored.push(...listing.images, ...listing.others);
  listing.folders.forEach((folder, label) => {
    collect(dataset, folder, label, [realpathSync(root)]);
  });
  checkLayout(dataset, listing, minimumLabels);
  if (listing.images.length > 0)
    notes.push(`${listing.images.length} images directly in ${root} have no label and are left out`);
  noteSimilarLabels(dataset);
  return dataset;
}

/** Steps into a lone folder that holds folders only, as archives leave behind (`archive/Rice_Image_Dataset/...`). */
function unwrap(folder: string, notes: string[]): {root: string; listing: FolderListing} {
  const seen = new Set<string>();
  let root = folder;
  let listing = listFolder(root);
  while (listing.images.length === 0 && listing.folders.length === 1 && !seen.has(realpathSync(root))) {
    seen.add(realpathSync(root));
    const inner = join(root, listing.folders[0]);
    const innerListing = listFolder(inner);
    if (innerListing.images.length > 0 || innerListing.folders.length === 0) break;
    root = inner;
    listing = innerListing;
  }
  if (root !== folder) notes.push(`the label folders were found deeper, in ${root}`);
  return {root, listing};
}

/** Adds the images under `folder` (relative to the root) to the dataset; `above` are the real paths of its ancestors. */
function collect(dataset: Dataset, folder: string, label: number, above: string[]): void {
  const absolute = join(dataset.root, folder);
  const real = realPath(absolute);
  if (above.includes(real)) return;
  const {images, others, folders} = listFolder(absolute);
  for (const name of images) {
    const path = `${folder}/${name}`;
    const {size, mtimeMs, ctimeMs} = statFile(join(dataset.root, path));
    dataset.files.push({path, label, bytes: size, modified: mtimeMs, changed: ctimeMs});
  }
  for (const name of others) dataset.ignored.push(`${folder}/${name}`);
  for (const name of folders) collect(dataset, `${folder}/${name}`, label, [...above, real]);
}

/** A name that is not UTF-8 was read with replacement characters, and leads nowhere. */
function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch (error) {
    if (!path.includes('\uFFFD')) throw fromFileSystemError(error, path, 'read');
    throw new RiceError('PATH_NOT_READABLE', `cannot read ${path}: its name is not UTF-8`, {
      suggestions: ['Rename the folder.'],
      cause: error,
    });
  }
}

function statFile(path: string): Stats {
  try {
    return statSync(path);
  } catch (error) {
    throw fromFileSystemError(error, path, 'read');
  }
}

function noteSimilarLabels({labels, notes}: Dataset): void {
  const seen = new Map<string, string>();
  for (const label of labels) {
    const plain = label.normalize('NFC').toLowerCase().trim();
    const other = seen.get(plain);
    if (other !== undefined) notes.push(`the labels "${other}" and "${label}" differ in case only`);
    seen.set(plain, label);
  }
}
