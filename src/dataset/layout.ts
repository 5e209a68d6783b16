import {type Stats, statSync} from 'node:fs';
import {extname} from 'node:path';
import {fromFileSystemError, RiceError} from '../common/errors.ts';
import type {Dataset} from './dataset.ts';
import type {FolderListing} from './folder-listing.ts';
import {partNamed} from './part-names.ts';

const EXPECTED = 'expected one folder a label with images in it: DIR/Arborio/1.jpg, DIR/Basmati/1.jpg, ...';
const ARCHIVES = new Set(['.zip', '.tar', '.gz', '.tgz', '.xz', '.7z', '.rar']);

/** @throws RiceError PATH_NOT_FOUND, PATH_NOT_READABLE, or DATASET_LAYOUT when the path is not a folder */
export function checkRootIsFolder(path: string): void {
  if (statPath(path).isDirectory()) return;
  const archive = ARCHIVES.has(extname(path).toLowerCase());
  throw layoutError(`${path} is a file, not a folder`, [
    archive ? 'Unpack it and name the folder.' : 'Name the folder that holds the label folders.',
  ]);
}

/**
 * Recognises the usual mistakes in the layout of a dataset that was just read and says how to fix each.
 *
 * @param top what lies directly in the dataset's root
 * @throws RiceError DATASET_LAYOUT
 */
export function checkLayout(dataset: Dataset, top: FolderListing, minimumLabels: number): void {
  const {root, labels, files} = dataset;
  if (labels.length === 0) throw noFolders(root, top);
  const parts = partFolders(dataset);
  if (parts.length > 0) {
    throw layoutError(`${root} is divided into ${quoted(parts)}, which are no labels`, [
      `Name one of them, for example ${root}/${parts[0]}.`,
      'Or put the images of all of them together, one folder a label: rice makes its own split, by content.',
    ]);
  }
  const counts = new Array<number>(labels.length).fill(0);
  for (const file of files) counts[file.label] += 1;
  const empty = labels.filter((_, label) => counts[label] === 0);
  if (empty.length === labels.length) throw layoutError(`no folder in ${root} holds an image: ${quoted(empty)}`);
  if (empty.length > 0) {
    throw layoutError(`${root} has folders without an image: ${quoted(empty)}`, [
      'Put images into them, remove them, or begin their names with a dot to have them left out.',
    ]);
  }
  if (labels.length < minimumLabels) {
    throw layoutError(`${root} holds a single label, ${quoted(labels)}: there is nothing to tell apart`, [
      'Add a folder for each other label.',
    ]);
  }
}

function noFolders(root: string, {images, others}: FolderListing): RiceError {
  if (images.length > 0) {
    return layoutError(`${root} holds ${images.length} images, but no label folders`, [
      'If it is the folder of one label, name the folder above it.',
      'Else sort the images into one folder a label.',
    ]);
  }
  if (others.length > 0) return layoutError(`${root} holds no folders and no images, only ${quoted(others)}`);
  return layoutError(`${root} is empty`);
}

/**
 * The top folders that are parts of a split rather than labels: those with such a name whose images all lie in folders
 * of their own, or all top folders when each has such a name.
 */
function partFolders({labels, files}: Dataset): string[] {
  const named = labels.filter((label) => partNamed(label) !== undefined);
  if (named.length === labels.length && named.length > 1) return named;
  const direct = new Set(files.filter(({path}) => path.split('/').length === 2).map(({label}) => label));
  const filled = new Set(files.map(({label}) => label));
  return named.filter((name) => {
    const label = labels.indexOf(name);
    return filled.has(label) && !direct.has(label);
  });
}

function layoutError(found: string, suggestions: string[] = []): RiceError {
  const fix = suggestions.length > 0 ? {suggestions} : {};
  return new RiceError('DATASET_LAYOUT', `${found}; ${EXPECTED}`, fix);
}

function quoted(names: string[]): string {
  const shown = names.slice(0, 8).map((name) => `"${name}"`);
  return shown.join(', ') + (names.length > shown.length ? ` and ${names.length - shown.length} more` : '');
}

function statPath(path: string): Stats {
  try {
    return statSync(path);
  } catch (error) {
    throw fromFileSystemError(error, path, 'read');
  }
}
