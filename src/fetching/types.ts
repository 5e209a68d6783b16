import type {VerifiedFile} from './verification/verify.ts';

/** A file of a dataset, with its label by name. */
export interface LabelledFile extends VerifiedFile {
  sha256: string;
  /** When content and status were last changed before it was hashed, ms since 1970. */
  modified: number;
  changed: number;
}

/** The files of a dataset that were hashed now. */
export interface HashedFiles {
  /** The folder that holds the folders of labels. */
  root: string;
  files: readonly LabelledFile[];
  /** Ms since 1970, before they were looked at. */
  started: number;
}
