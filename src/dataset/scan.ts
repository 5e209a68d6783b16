import {realpathSync, type Stats, statSync} from 'node:fs';
import {join, resolve} from 'node:path';
import {byCodePoint} from '../common/code-point-order.ts';
import {fromFileSystemError, RiceError} from '../common/errors.ts';
import {foldName} from '../common/fold-name.ts';
import {correctDataset} from './corrections/correct-dataset.ts';
import {readCorrections} from './corrections/read-corrections.ts';
import type {Dataset, DatasetFile} from './dataset.ts';
import {type FolderListing, listFolder} from './folder-listing.ts';
import {readLabelsFile} from './labels-file.ts';
import {checkLayout, checkRootIsFolder} from './layout.ts';
import {partNamed} from './part-names.ts';
import type {Part} from './split.ts';

export interface ScanOptions {
  /** Fewer labels than this are an error: 2 for training, 1 is enough for an evaluation. */
  minimumLabels?: number;
  /** A list of pictures and their labels, in place of folders (see `readLabelsFile`). */
  labelsFrom?: string;
  /** A file with what a person corrected of the labels (see `readCorrections`). */
  corrections?: string;
}

/**
 * Reads a folder laid out as `Label/image.jpg`. Labels come from the folders, never from file names. Folders within a
 * label's folder belong to that label; a lone wrapper folder around the label folders is stepped into. Links are
 * followed, and a link back to a folder above ends there. Where the top folders are the parts of a split (`train`,
 * `val`, `test`) with the label folders in them, each picture keeps its part.
 *
 * @throws RiceError PATH_NOT_FOUND, PATH_NOT_READABLE, LABELS_INVALID, CORRECTIONS_INVALID, or DATASET_LAYOUT with what
 *   was found and what was expected
 */
export function scanDataset(path: string, {corrections, ...options}: ScanOptions = {}): Dataset {
  const dataset = scanUncorrected(path, options);
  return corrections === undefined ? dataset : correctDataset(dataset, readCorrections(resolve(corrections)));
}

function scanUncorrected(path: string, {minimumLabels = 2, labelsFrom}: Omit<ScanOptions, 'corrections'>): Dataset {
  checkRootIsFolder(path);
  if (labelsFrom !== undefined) return scanListed(resolve(path), resolve(labelsFrom), minimumLabels);
  const notes: string[] = [];
  const {root, listing} = unwrap(resolve(path), notes);
  const dataset: Dataset = {root, labels: listing.folders, files: [], ignored: [], notes};
  dataset.ignored.push(...listing.images, ...listing.others);
  const parts = partFolders(root, listing);
  if (parts) collectParts(dataset, parts);
  else
    listing.folders.forEach((folder, label) => {
      collect(dataset, folder, {label}, [realpathSync(root)]);
    });
  checkLayout(dataset, listing, minimumLabels);
  noteStrayPictures(dataset, root, listing);
  noteSimilarLabels(dataset);
  return dataset;
}

/** The folders of a split, where all folders at the top are such and hold the folders of labels; one trains at least. */
function partFolders(
  root: string,
  {folders}: FolderListing,
): {folder: string; part: Part; labels: string[]}[] | undefined {
  const parts = folders.flatMap((folder) => {
    const part = partNamed(folder);
    return part ? [{folder, part, labels: listFolder(join(root, folder)).folders}] : [];
  });
  const divided =
    parts.length === folders.length &&
    parts.length > 1 &&
    parts.some(({part}) => part === 'train') &&
    parts.every(({labels}) => labels.length > 0);
  return divided ? parts : undefined;
}

function collectParts(dataset: Dataset, parts: {folder: string; part: Part; labels: string[]}[]): void {
  dataset.labels = [...new Set(parts.flatMap(({labels}) => labels))].sort(byCodePoint);
  const root = realpathSync(dataset.root);
  dataset.labels.forEach((name, label) => {
    for (const {folder, part, labels} of parts)
      if (labels.includes(name)) collect(dataset, `${folder}/${name}`, {label, part}, [root]);
  });
  for (const {folder} of parts) {
    const path = join(dataset.root, folder);
    const listing = listFolder(path);
    dataset.ignored.push(...[...listing.images, ...listing.others].map((name) => `${folder}/${name}`));
    noteStrayPictures(dataset, path, listing);
  }
  dataset.notes.push(
    `${dataset.root} brings its own split, which is kept: ${parts.map(({folder}) => folder).join(', ')}`,
  );
}

function noteStrayPictures({notes}: Dataset, folder: string, {images}: FolderListing): void {
  if (images.length === 0) return;
  const what = images.length === 1 ? '1 picture' : `${images.length} pictures`;
  notes.push(`left out, for want of a label: ${what} directly in ${folder}`);
}

function scanListed(root: string, list: string, minimumLabels: number): Dataset {
  const pictures = readLabelsFile(list, root);
  const labels = [...new Set(pictures.map(({label}) => label))].sort(byCodePoint);
  if (labels.length < minimumLabels)
    throw new RiceError(
      'LABELS_INVALID',
      `${list} names a single label, "${labels[0]}": there is nothing to tell apart`,
    );
  const dataset: Dataset = {root, labels, files: [], ignored: [], notes: [], labelsFrom: list};
  const missing: string[] = [];
  for (const {path, label, part, line} of pictures) {
    const stats = statsOf(join(root, path));
    if (!stats?.isFile()) missing.push(`${path} (line ${line})`);
    else dataset.files.push(fileOf(path, stats, {label: labels.indexOf(label), ...(part ? {part} : {})}));
  }
  if (missing.length > 0) {
    const shown = missing.slice(0, 3).join(', ');
    const more = missing.length > 3 ? ` and ${missing.length - 3} more` : '';
    throw new RiceError('LABELS_INVALID', `${list} lists what is not in ${root}: ${shown}${more}`, {
      suggestions: ['Name the folder that the paths start from, or correct the list.'],
    });
  }
  dataset.files.sort((a, b) => a.label - b.label || byCodePoint(a.path, b.path));
  noteSimilarLabels(dataset);
  return dataset;
}

/** Skips wrapper folders that contain only one folder, as archives have them (`archive/Rice_Image_Dataset/...`). */
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
  if (root !== folder) notes.push(`the label folders are in ${root}`);
  return {root, listing};
}

/** Adds the images under `folder` (relative to the root) to the dataset; `ancestors` are real paths. */
function collect(dataset: Dataset, folder: string, belonging: Belonging, ancestors: string[]): void {
  const absolute = join(dataset.root, folder);
  const real = realPath(absolute);
  if (ancestors.includes(real)) return;
  const {images, others, folders} = listFolder(absolute);
  for (const name of images) {
    const path = `${folder}/${name}`;
    dataset.files.push(fileOf(path, statFile(join(dataset.root, path)), belonging));
  }
  for (const name of others) dataset.ignored.push(`${folder}/${name}`);
  for (const name of folders) collect(dataset, `${folder}/${name}`, belonging, [...ancestors, real]);
}

type Belonging = Pick<DatasetFile, 'label' | 'part'>;

function fileOf(path: string, {size, mtimeMs, ctimeMs}: Stats, belonging: Belonging): DatasetFile {
  return {path, ...belonging, bytes: size, modified: mtimeMs, changed: ctimeMs};
}

/** A name that is not UTF-8 was read with replacement characters, so its path does not exist. */
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

/** undefined where there is nothing, nor can be: a name too long, a NUL in it, a file where a folder should be. */
function statsOf(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EACCES') throw fromFileSystemError(error, path, 'read');
    return undefined;
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
    const plain = foldName(label);
    const other = seen.get(plain);
    if (other !== undefined) notes.push(`the labels "${other}" and "${label}" differ in case or accents only`);
    seen.set(plain, label);
  }
}
