import type {Source} from './sources/source.ts';
import type {Subset} from './unpack/choose-files.ts';

/** What is wanted, and where. */
export interface FetchRequest {
  /** The folder that the dataset becomes. */
  dest: string;
  /** Tried one after another. */
  sources: readonly Source[];
  /** Labels to leave all others out; as the published dataset spells them. */
  labels: readonly string[] | undefined;
  subset: Subset | undefined;
  /** DVC's digest of what is expected instead of the published dataset. */
  digest: string | undefined;
  /** Decodes every picture. */
  deep: boolean;
  /** Replaces a dataset that is there already. */
  force: boolean;
  /** Puts the folder under DVC. */
  dvc: boolean;
  /** See `cacheFolder`. */
  cacheDir: string;
  retries: number;
  /** Seconds. */
  timeout: number;
  threads?: number | undefined;
  /** The version of rice, for the record. */
  version: string;
}

export type FetchPhase = 'downloading' | 'reading' | 'unpacking' | 'hashing' | 'decoding' | 'filling the DVC cache';

/** Called as fetching goes on. */
export interface FetchEvents {
  onSource(source: Source): void;
  /** @param total undefined where nobody knows. Bytes while downloading and reading an archive, files else */
  onProgress(phase: FetchPhase, done: number, total: number | undefined): void;
  onNotice(message: string): void;
}
