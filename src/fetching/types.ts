import type {VerifiedFile} from './verification/verify.ts';

/** A file of a dataset with the name of its label. */
export interface LabelledFile extends VerifiedFile {
  sha256: string;
  /** mtime and ctime before it was hashed, ms since 1970. */
  modified: number;
  changed: number;
}

/** The files of a dataset that were hashed in this run. */
export interface HashedFiles {
  /** The folder with the label folders. */
  root: string;
  files: readonly LabelledFile[];
  /** Start of hashing, ms since 1970. */
  started: number;
}
