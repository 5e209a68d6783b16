import type {Source} from './sources/source.ts';
import type {Subset} from './unpack/choose-files.ts';
import type {Limits} from './unpack/limits.ts';

/** What to fetch, and where to. */
export interface FetchRequest {
  /** The folder for the dataset. */
  dest: string;
  /** Tried in order. */
  sources: readonly Source[];
  /** Only these labels, spelled as in the published dataset. */
  labels: readonly string[] | undefined;
  subset: Subset | undefined;
  /** DVC's digest of the expected dataset, instead of the published one. */
  digest: string | undefined;
  /** Whether to decode every picture. */
  deep: boolean;
  /** Whether to replace an existing dataset. */
  force: boolean;
  /** Whether to track the folder with DVC. */
  dvc: boolean;
  /** See `cacheFolder`. */
  cacheDir: string;
  retries: number;
  /** Seconds. */
  timeout: number;
  /** What an archive may hold. */
  limits: Limits;
  threads?: number | undefined;
  /** The version of rice, for the record. */
  version: string;
}

export type FetchPhase = 'downloading' | 'reading' | 'unpacking' | 'hashing' | 'decoding' | 'filling the DVC cache';

/** Called while fetching. */
export interface FetchEvents {
  onSource(source: Source): void;
  /** @param total undefined if unknown. Bytes while downloading and reading an archive, otherwise files */
  onProgress(phase: FetchPhase, done: number, total: number | undefined): void;
  onNotice(message: string): void;
}
