import type {RiceError} from '../common/errors.ts';

/** A picture that has not been read yet. */
export interface Picture {
  /** Its name in the answers: a path as given or found, a URL, or `-` for standard input. */
  path: string;
  /** Decides its shard: the path relative to the given folder, so that a moved folder keeps its shards. */
  key?: string;
  /** Reads its bytes, if it is not a file that any thread can read. Fails if the signal is aborted. */
  read?: (signal?: AbortSignal) => Promise<Uint8Array>;
  /** Why the picture, or a folder with this path, cannot be read. */
  failure?: RiceError;
}

/**
 * Pictures in the order of the answers, in portions of those that are available. The source is only read on demand, so it
 * may be endless.
 */
export type PictureSource = AsyncIterable<Picture[]>;

/** The largest portion of a source with many pictures. */
export const PORTION = 256;
