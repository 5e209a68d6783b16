import type {DuplicateGroup} from '../dataset/duplicates.ts';
import type {FileError} from '../dataset/file-error.ts';
import type {Differences} from './verification/verify.ts';
import type {DvcResult} from './versioning/write-dvc.ts';

/** The result of fetching or verifying. */
export interface FetchedDataset {
  /**
   * `complete`: it already existed. `verified`: an existing folder was read again and is right. `unproved`: it is not the
   * expected dataset; nothing from a source was installed.
   */
  state: 'fetched' | 'complete' | 'verified' | 'unproved';
  /** The expected dataset, for people. */
  title: string;
  /** Name of the source; `present` for an existing dataset of unknown origin. */
  source: string;
  /** The address of the source, without credentials. */
  address: string | null;
  /** The folder of the dataset; null if nothing was installed. */
  path: string | null;
  verified: boolean;
  /** DVC's digest of the pictures. */
  digest: string;
  files: number;
  bytes: number;
  /** Number of pictures by label. */
  labels: Record<string, number>;
  duplicates: DuplicateGroup[];
  differences: Differences;
  /** Labels whose folder digest is not the published one. */
  differentLabels: string[];
  /** Pictures that cannot be decoded, if that was requested. */
  errors: FileError[];
  dvc: DvcResult | undefined;
}
