import type {Limits} from './limits.ts';

/** A file in an archive or folder, before it is read. */
export interface ContainerEntry {
  /** The stored path, with forward slashes. */
  path: string;
  /** Its size, as the container states it. */
  bytes: number;
  /** Its MD5 in hexadecimal, if the container states it. */
  md5?: string | undefined;
}

/** How a thread gets the bytes of a file. */
export type Content =
  /** In the zip archive `archive`. */
  | {
      kind: 'zip';
      archive: string;
      /** Offset of the entry's local header in the archive. */
      offset: number;
      compressedBytes: number;
      deflated: boolean;
      crc32: number;
    }
  /** A separate file. */
  | {kind: 'file'; file: string}
  /** Bytes that were already read. */
  | {kind: 'bytes'; bytes: Uint8Array};

export interface ArchiveOptions {
  /** The name for messages; its path by default. */
  name?: string | undefined;
  limits?: Limits | undefined;
  signal?: AbortSignal | undefined;
  /** Called with bytes, if the archive must be read to its end to list its files. */
  onProgress?: ((progress: {done: number; total: number}) => void) | undefined;
}

/** A container of files: an archive, a folder, a bucket. */
export interface Container {
  /** For messages: the file or folder. */
  readonly name: string;
  /** All files. Opening the container has already rejected links and unsafe names. */
  readonly entries: readonly ContainerEntry[];
  /** Entries that are not files: broken links, pipes. */
  readonly skipped?: readonly string[];
  /**
   * The contents of the chosen entries, in the fastest order.
   *
   * @param chosen indices of `entries`
   */
  contents(chosen: ReadonlySet<number>, signal?: AbortSignal): AsyncIterable<{entry: number; content: Content}>;
}
