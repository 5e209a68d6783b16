import type {DuplicateGroup} from '../dataset/duplicates.ts';
import type {FileError} from '../dataset/file-error.ts';
import type {Differences} from './verification/verify.ts';
import type {DvcResult} from './versioning/write-dvc.ts';

/** How fetching went, and what is at the destination now. */
export interface FetchedDataset {
  /**
   * `complete`: it was there already. `verified`: it was there, and was read again. `unproved`: it is not what was
   * expected; of a source, nothing was installed.
   */
  state: 'fetched' | 'complete' | 'verified' | 'unproved';
  /** What it was held against, for people. */
  title: string;
  /** Name of the source; `present` where nothing was fetched and nobody knows where it came from. */
  source: string;
  /** Where that is, without credentials. */
  address: string | null;
  /** The dataset's folder; null where nothing was installed. */
  path: string | null;
  verified: boolean;
  /** DVC's digest of the pictures. */
  digest: string;
  files: number;
  bytes: number;
  /** Pictures of each label. */
  labels: Record<string, number>;
  duplicates: DuplicateGroup[];
  differences: Differences;
  /** Labels whose folder as a whole is not the published one. */
  differentLabels: string[];
  /** Pictures that cannot be decoded, where that was asked for. */
  errors: FileError[];
  dvc: DvcResult | undefined;
}
