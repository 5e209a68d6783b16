import {type Stats, statSync} from 'node:fs';
import {extname} from 'node:path';
import {fromFileSystemError, RiceError} from '../common/errors.ts';
import type {Dataset} from './dataset.ts';
import type {FolderListing} from './folder-listing.ts';
import {partNamed} from './part-names.ts';

const EXPECTED = 'expected one folder of pictures per label: DIR/Arborio/1.jpg, DIR/Basmati/1.jpg, ...';
const ARCHIVES = new Set(['.zip', '.tar', '.gz', '.tgz', '.xz', '.7z', '.rar']);

/** @throws RiceError PATH_NOT_FOUND, PATH_NOT_READABLE, or DATASET_LAYOUT if the path is not a folder */
export function checkRootIsFolder(path: string): void {
  if (statPath(path).isDirectory()) return;
  const archive = ARCHIVES.has(extname(path).toLowerCase());
  throw layoutError(`${path} is a file, not a folder`, [
    archive ? 'Unpack it and name the folder.' : 'Name the folder with the label folders.',
  ]);
}

/**
 * Recognizes common mistakes in the layout of a dataset and suggests fixes.
 *
 * @param top the content of the root folder of the dataset
 * @throws RiceError DATASET_LAYOUT
 */
export function checkLayout(dataset: Dataset, top: FolderListing, minimumLabels: number): void {
  const {root, labels, files} = dataset;
  if (labels.length === 0) throw noFolders(root, top);
  const parts = partFolders(dataset);
  if (parts.length > 0) {
    throw layoutError(`${root} is divided into ${quoted(parts)}, which are not labels`, [
      'To keep this split, let there be train and one other part at least, each with folders of labels in it, and no other folder beside them.',
      `Or name one of them, for example ${root}/${parts[0]}.`,
      'Or merge them into one folder per label: rice makes its own split, by content.',
    ]);
  }
  const counts = new Array<number>(labels.length).fill(0);
  for (const file of files) counts[file.label] += 1;
  const empty = labels.filter((_, label) => counts[label] === 0);
  if (empty.length === labels.length) throw layoutError(`no folder in ${root} contains a picture: ${quoted(empty)}`);
  if (empty.length > 0) {
    throw layoutError(`${root} has folders without pictures: ${quoted(empty)}`, [
      'Put pictures into them, remove them, or put a dot before their names to ignore them.',
    ]);
  }
  if (labels.length < minimumLabels) {
    throw layoutError(`${root} has a single label, ${quoted(labels)}, so there is nothing to distinguish`, [
      'Add a folder for each other label.',
    ]);
  }
}

function noFolders(root: string, {images, others}: FolderListing): RiceError {
  if (images.length > 0) {
    return layoutError(`${root} contains ${images.length} pictures, but no label folders`, [
      'If it is the folder of one label, name its parent folder.',
      'Otherwise sort the pictures into one folder per label.',
    ]);
  }
  if (others.length > 0) return layoutError(`${root} contains no folders and no pictures, only ${quoted(others)}`);
  return layoutError(`${root} is empty`);
}

/**
 * The top folders that are parts of a split and not labels: those with such a name whose images are all in subfolders, or
 * all top folders if each has such a name.
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
