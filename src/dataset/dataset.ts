import type {Part} from './split.ts';

export interface DatasetFile {
  /** Relative to the root of the dataset, with forward slashes on every system. */
  path: string;
  /** Index into `Dataset.labels`. */
  label: number;
  /** Where the dataset brings its own split. */
  part?: Part;
  bytes: number;
  /** mtime and ctime in ms since 1970; with `bytes` they show whether a file has changed. */
  modified: number;
  changed: number;
}

/** A folder of labeled images, with one subfolder per label. */
export interface Dataset {
  /** Absolute path of the folder with the label folders. */
  root: string;
  /** Names of the label folders, sorted by code point. */
  labels: string[];
  /** Sorted by label, then folder by folder by code point. */
  files: DatasetFile[];
  /** Other files, relative to the root, without hidden and junk files. */
  ignored: string[];
  /** Warnings about the layout of the folder, for the user. */
  notes: string[];
  /** The list that the labels come from, where they are not the folders' names. */
  labelsFrom?: string;
  /** What a person corrected of the labels, where somebody did. */
  corrections?: AppliedCorrections;
}

/** Corrections of labels, as they were applied to a dataset. */
export interface AppliedCorrections {
  file: string;
  /** Of the file, in hexadecimal. */
  sha256: string;
  /** Number of pictures that have another label, and of those that were left out. */
  relabeled: number;
  excluded: number;
  /** Pictures that somebody looked at and found right. */
  kept: string[];
}
