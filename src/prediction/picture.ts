import type {RiceError} from '../common/errors.ts';

/** One picture of many, before it is read. */
export interface Picture {
  /** What it is called in the answers: the path as it was given or found, an address, or `-` for standard input. */
  path: string;
  /** What decides its shard: the path below the folder that was named, so that a moved folder keeps its shards. */
  key?: string;
  /** Where it is not a file that any thread can read: how to get its bytes, or to fail once the signal is aborted. */
  read?: (signal?: AbortSignal) => Promise<Uint8Array>;
  /** Why it, or the folder of this name, cannot be looked at. */
  failure?: RiceError;
}

/**
 * Pictures in the order in which their answers are wanted, in portions as large as the source has them at hand. None is
 * read ahead of its need, so a source may be endless.
 */
export type PictureSource = AsyncIterable<Picture[]>;

/** Pictures a portion, where a source has many. */
export const PORTION = 256;
