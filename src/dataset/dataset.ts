import type {Part} from './split.ts';

export interface DatasetFile {
  /** Relative to the dataset's root, with forward slashes on every system. */
  path: string;
  /** Index into `Dataset.labels`. */
  label: number;
  /** Where the dataset brings its own split. */
  part?: Part;
  bytes: number;
  /** Last change of content and of status, ms since 1970: together with `bytes` they tell whether a file was touched. */
  modified: number;
  changed: number;
}

/** A folder of labelled images: one folder a label. */
export interface Dataset {
  /** Absolute path of the folder that holds the label folders. */
  root: string;
  /** Names of the label folders, by code point. */
  labels: string[];
  /** Ordered by label, then folder by folder by code point. */
  files: DatasetFile[];
  /** What is there but no labelled image, relative to the root. Hidden files and systems' droppings are not listed. */
  ignored: string[];
  /** What the user should know about how the folder was read. */
  notes: string[];
  /** The list that the labels come from, where they are not the folders' names. */
  labelsFrom?: string;
}
